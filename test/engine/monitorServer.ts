import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Message } from "google-protobuf";
import type { Registered, Severity } from "./deployment";
import { fillMessage } from "./messageFields";
import { fromStruct, type PropertyMap } from "./properties";
import { GRPC_OPTIONS } from "./providerProtocol";
import { type Goal, readGoal } from "./resourceGoal";
import { refusal, Stopped, UnsupportedError } from "./runErrors";
import { Empty } from "./sdkProtobuf";

/** What the program asks of the engine. A promise that rejects with {@link Stopped} leaves the call unanswered. */
export interface ProgramRequests {
  register(goal: Goal): Promise<Registered>;
  registerOutputs(urn: string, outputs: PropertyMap): Promise<void>;
  /** The program has declared everything; resolves when the engine is through. */
  shutdown(): Promise<void>;
  log(severity: Severity, message: string, urn: string): void;
  refuse(error: UnsupportedError): void;
}

const severities: readonly Severity[] = ["debug", "info", "warning", "error"];
/** Calls that this engine does not do, with the name that a program knows them by. */
const refusedCalls = {
  invoke: "invokes (functions of a provider)",
  call: "calls (methods of a resource)",
  readResource: "reading resources (get, StackReference)",
  registerStackTransform: "transforms",
  registerStackInvokeTransform: "transforms",
  registerResourceHook: "resource hooks",
  registerErrorHook: "resource hooks",
  registerPackage: "packages of other providers",
};

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  callback: sendUnaryData<Response>,
) => void;

/** The SDK speaks to one address as its resource monitor and its engine; the server answers as both. */
export async function startMonitor(requests: ProgramRequests): Promise<{ address: string; close(): void }> {
  const server = new Server(GRPC_OPTIONS);
  let root = "";

  function answer<Request, Response extends Message>(
    ResponseType: new () => Response,
    work: (request: Request) => Promise<PropertyMap>,
  ): Handler<Request, Response> {
    return ({ request }, callback) => {
      work(request).then(
        (fields) => callback(null, fillMessage(new ResponseType(), fields)),
        (error: unknown) => {
          if (error instanceof Stopped) return;
          if (error instanceof UnsupportedError) requests.refuse(error);
          callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
    };
  }
  const refused = Object.fromEntries(
    Object.entries(refusedCalls).map(([call, feature]) => [
      call,
      answer(Empty, () => Promise.reject(refusal(feature))),
    ]),
  );

  server.addService(ResourceMonitorService, {
    ...refused,
    // also for what is refused: the SDK would otherwise advise to update a CLI that is not there
    supportsFeature: answer(resource.SupportsFeatureResponse, async () => ({ hasSupport: true })),
    registerResource: answer(
      resource.RegisterResourceResponse,
      async (request: resource.RegisterResourceRequest) => {
        const { urn, id = "", outputs } = await requests.register(readGoal(request));
        return { urn, id, object: outputs };
      },
    ),
    registerResourceOutputs: answer(Empty, async (request: resource.RegisterResourceOutputsRequest) => {
      await requests.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return {};
    }),
    signalAndWaitForShutdown: answer(Empty, async () => {
      await requests.shutdown();
      return {};
    }),
  });
  server.addService(EngineService, {
    log: answer(Empty, async (request: engine.LogRequest) => {
      const severity = severities[request.getSeverity()] ?? "info";
      // the SDK debugs at length; as with the CLI, nobody sees that who did not ask for it
      if (!request.getEphemeral() && severity !== "debug")
        requests.log(severity, request.getMessage(), request.getUrn());
      return {};
    }),
    getRootResource: answer(engine.GetRootResourceResponse, async () => ({ urn: root })),
    setRootResource: answer(
      engine.SetRootResourceResponse,
      async (request: engine.SetRootResourceRequest) => {
        root = request.getUrn();
        return {};
      },
    ),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
