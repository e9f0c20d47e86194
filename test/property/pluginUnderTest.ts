import type { DeploymentLog } from "../../provider/plugin/engineLog";
import { PluginService } from "../../provider/plugin/pluginService";
import { type Answer, readAnswer } from "../engine/messageFields";
import type { PropertyMap } from "../engine/properties";
import { ProviderError } from "../engine/providerError";
import { callHandler } from "../plugin/callHandler";
import { openSimulatedSession, SavedError } from "../stack/dynamicProvider";
import type {
  ProcessOptions,
  Props,
  ProviderProcess,
  ResourceCalls,
  StartProvider,
} from "../stack/providerProcess";

/** Datadog's site goes into the configuration; whom the session really asks is up to `send`. */
const PROVIDER = {
  name: "default",
  type: "pulumi:providers:datadog-findings",
  urn: "urn:pulumi:dev::histories::pulumi:providers:datadog-findings::default",
  args: { site: "datadoghq.com" },
};

/** The plugin, whose gRPC handlers are called with the protocol's messages, as the engine calls them. */
export const startPlugin: StartProvider = (options) => {
  // The plugin hears of a preview in calls of create and update, which a Stack does not make for one.
  if (options.isPreview) throw new Error("a Stack previews the dynamic provider alone");
  const { handlers } = new PluginService({
    env: {},
    log: logOf(options),
    openSession: (_configuration, { print }) => openSimulatedSession({ ...options, print }),
    findOrganisation: async () => undefined,
    schema: () => "{}",
  });
  const ready = callHandler(handlers, "configure", { ...PROVIDER, acceptSecrets: true });
  const ask: Ask = async (method, fields) => {
    await ready;
    try {
      return readAnswer(await callHandler(handlers, method, fields));
    } catch (error) {
      throw saved(error);
    }
  };
  const calls = (type: string) => (name: string) => resourceCalls(ask, type, name);
  const process: ProviderProcess = {
    cancel: () => void ask("cancel", {}),
    assignment: calls("datadog-findings:index:FindingsAssignment"),
    ownership: calls("datadog-findings:index:FindingsOwnership"),
    added: () => ({}),
    kept: {},
  };
  return process;
};

type Ask = (method: string, fields: PropertyMap) => Promise<Answer>;

/** The calls about one resource, with the fields that the real engine sends. */
function resourceCalls(ask: Ask, type: string, name: string): ResourceCalls {
  const identity = { name, type, urn: `urn:pulumi:dev::histories::${type}::${name}` };
  const about = (method: string, fields: Readonly<Record<string, unknown>>) =>
    ask(method, { ...identity, ...sent(fields) });
  return {
    async check(olds, news) {
      const { inputs = {}, failures = [] } = await about("check", { olds, news });
      return { inputs, failures };
    },
    async diff(id, olds, news, oldInputs) {
      return (await about("diff", { id, olds, news, oldInputs })).changes === "DIFF_SOME";
    },
    async create(properties) {
      const { id = "", properties: outs = {} } = await about("create", { properties });
      return { id, outs };
    },
    async update(id, olds, news) {
      const { properties: outs = {} } = await about("update", { id, olds, news });
      return { outs };
    },
    async read(id, properties, stored) {
      const answer = await about("read", { id, properties, inputs: stored });
      const { id: found = "", properties: props = {}, inputs } = answer;
      return { id: found, props, ...(inputs && { inputs }) };
    },
    async delete(id, properties) {
      await about("delete", { id, properties });
    },
  };
}

/** Properties as the engine sends them: JSON, without what is undefined. */
function sent(fields: Props): PropertyMap {
  return JSON.parse(JSON.stringify(fields));
}

/** The error with which the engine keeps a resource, or the error as it is. */
function saved(error: unknown): unknown {
  if (!(error instanceof ProviderError) || !error.initFailure) return error;
  const { id = "", properties = {}, reasons = [] } = error.initFailure;
  return new SavedError(id, [...reasons], properties);
}

function logOf({ print }: ProcessOptions): DeploymentLog {
  return {
    connect: () => undefined,
    say: ({ message, severity }) => print(severity === "ERROR" ? `error: ${message}` : message),
    flush: async () => undefined,
  };
}
