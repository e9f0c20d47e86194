import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Message } from "google-protobuf";
import type { DeploymentRun } from "./deploymentRun";
import { fillMessage } from "./messageFields";
import type { PropertyMap } from "./properties";
import { GRPC_OPTIONS } from "./provider";
import { refusal } from "./resourceGoal";
import { Empty } from "./sdkProtobuf";

export interface Monitor {
  readonly address: string;
  /** Resolves when no request is being worked on. */
  idle(): Promise<unknown>;
  close(): void;
}

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

/**
 * The SDK speaks to one address as its resource monitor and its engine; the server answers as both. A request
 * that fails is not answered: the program is about to end.
 */
export async function startMonitor(run: DeploymentRun): Promise<Monitor> {
  const server = new Server(GRPC_OPTIONS);
  const working = new Set<Promise<void>>();
  let root = "";

  function answer<Request, Response extends Message>(
    ResponseType: new () => Response,
    work: (request: Request) => PropertyMap | void | Promise<PropertyMap | void>,
  ) {
    return ({ request }: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => {
      const answering = Promise.resolve(request)
        .then(work)
        .then((fields) => reply(null, fillMessage(new ResponseType(), fields ?? {})))
        .catch((error: unknown) => run.progress.fail(error))
        .finally(() => working.delete(answering));
      working.add(answering);
    };
  }
  const refused = Object.entries(refusedCalls).map(([call, feature]) => [
    call,
    answer(Empty, () => Promise.reject(refusal(feature))),
  ]);
  server.addService(ResourceMonitorService, {
    ...Object.fromEntries(refused),
    // also for what is refused: the SDK would otherwise advise to update a CLI that is not there
    supportsFeature: answer(resource.SupportsFeatureResponse, () => ({ hasSupport: true })),
    registerResource: answer(resource.RegisterResourceResponse, (request: resource.RegisterResourceRequest) =>
      run.register(request),
    ),
    registerResourceOutputs: answer(Empty, (request: resource.RegisterResourceOutputsRequest) =>
      run.registerOutputs(request),
    ),
    signalAndWaitForShutdown: answer(Empty, () => run.finish()),
  });
  server.addService(EngineService, {
    log: answer(Empty, (request: engine.LogRequest) => run.log(request)),
    getRootResource: answer(engine.GetRootResourceResponse, () => ({ urn: root })),
    setRootResource: answer(engine.SetRootResourceResponse, (request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    idle: () => Promise.allSettled(working),
    close: () => server.forceShutdown(),
  };
}
