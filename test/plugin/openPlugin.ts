import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { organisationFinder } from "../../provider/plugin/currentKeys";
import { EngineLog } from "../../provider/plugin/engineLog";
import { PluginService } from "../../provider/plugin/pluginService";
import { sessionOpener } from "../../provider/plugin/providerSession";
import type { PropertyMap } from "../engine/properties";
import { EngineSide } from "./pluginClient";

/** A plugin in this process, spoken to over gRPC. */
export interface OpenPlugin {
  readonly engine: EngineSide;
  /** A call about a resource of the default type, as the engine makes it. */
  about(method: string, name: string, fields: PropertyMap, type?: string): Promise<Record<string, unknown>>;
  close(): void;
}

export const ASSIGNMENT = "datadog-findings:index:FindingsAssignment";
export const OWNERSHIP = "datadog-findings:index:FindingsOwnership";
const PROVIDER = "pulumi:providers:datadog-findings";

export const urnOf = (name: string, type = ASSIGNMENT) => `urn:pulumi:dev::test::${type}::${name}`;

/** Marks a value as a secret, as the engine does. */
export const secret = (value: string | string[]): PropertyMap => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

export const identity = (name: string, type = ASSIGNMENT) => ({ urn: urnOf(name, type), name, type });

export async function openPlugin(env: NodeJS.ProcessEnv = {}): Promise<OpenPlugin> {
  const engine = new EngineSide();
  const log = new EngineLog();
  log.connect(await engine.listen());
  const service = new PluginService({
    env,
    log,
    openSession: sessionOpener(env),
    findOrganisation: organisationFinder(env),
    schema: () => "{}",
  });
  const server = new Server();
  server.addService(ResourceProviderService, service.handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  engine.connect(port);
  return {
    engine,
    about: (method, name, fields, type) => engine.call(method, { ...identity(name, type), ...fields }),
    close() {
      service.stop();
      log.close();
      engine.close();
      server.forceShutdown();
    },
  };
}

/** The calls with which the engine makes a provider ready. */
export async function configure(
  { engine }: OpenPlugin,
  configuration: PropertyMap,
  name = "default",
): Promise<void> {
  await engine.call("configure", { args: configuration, ...identity(name, PROVIDER), acceptSecrets: true });
}
