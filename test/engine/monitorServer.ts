import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Registered, Severity } from "./deployment";
import { fromStruct, type PropertyMap, toStruct } from "./properties";
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

  function answer<Request, Response>(
    work: (request: Request) => Promise<Response>,
  ): Handler<Request, Response> {
    return ({ request }, callback) => {
      work(request).then(
        (response) => callback(null, response),
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
      answer<unknown, object>(() => Promise.reject(refusal(feature))),
    ]),
  );

  server.addService(ResourceMonitorService, {
    ...refused,
    supportsFeature: answer(async () => {
      // also for what is refused: the SDK would otherwise advise to update a CLI that is not there
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(true);
      return response;
    }),
    registerResource: answer(async (request: resource.RegisterResourceRequest) => {
      const registered = await requests.register(readGoal(request));
      const response = new resource.RegisterResourceResponse();
      response.setUrn(registered.urn);
      response.setId(registered.id ?? "");
      response.setObject(toStruct(registered.outputs));
      return response;
    }),
    registerResourceOutputs: answer(async (request: resource.RegisterResourceOutputsRequest) => {
      await requests.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),
    signalAndWaitForShutdown: answer(async () => {
      await requests.shutdown();
      return new Empty();
    }),
  });
  server.addService(EngineService, {
    log: answer(async (request: engine.LogRequest) => {
      const severity = severities[request.getSeverity()] ?? "info";
      // the SDK debugs at length; as with the CLI, nobody sees that who did not ask for it
      if (!request.getEphemeral() && severity !== "debug")
        requests.log(severity, request.getMessage(), request.getUrn());
      return new Empty();
    }),
    getRootResource: answer(async () => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: answer(async (request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
