import { z } from "zod";
import { createDatadogClient } from "../datadog/client";
import { checkSettingNames } from "../datadog/http/settingNames";
import { type ConfigSource, readSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { askPulumi } from "./askPulumi";
import { type CommandArguments, optionValue } from "./command";
import type { Terminal } from "./terminal";

/**
 * The client of a command, by the environment, and by the configuration of the stack that `--stack` names:
 * that wins, as in a program.
 */
export async function connect(args: CommandArguments, { env }: Pick<Terminal, "env">): Promise<FindingsApi> {
  const stack = optionValue(args, "stack");
  const config = stack === undefined ? NO_CONFIG : await stackConfig(stack, env);
  const settings = readSettings(config, env);
  if (stack === undefined && !settings.credentials.complete) throw missingKeys(env);
  return createDatadogClient({ settings, clock: systemClock, random: Math.random });
}

const NO_CONFIG: ConfigSource = { get: () => undefined };

/** Names what was read, and nothing else. */
function missingKeys(env: NodeJS.ProcessEnv): Error {
  const missing = [
    ...(env.DD_API_KEY || env.DATADOG_API_KEY ? [] : ["DD_API_KEY"]),
    ...(env.DD_APP_KEY || env.DATADOG_APP_KEY ? [] : ["DD_APP_KEY"]),
  ];
  return new Error(
    `Datadog needs an API key and an application key: set ${missing.join(" and ")}, ` +
      "or name the stack whose configuration has them with --stack NAME",
  );
}

const answer = z.record(z.string(), z.object({ value: z.string().optional() }));

/**
 * What `pulumi config` says in the folder of the project, or, where nothing is set under
 * `datadog`, under the plugin's namespace. The keys stay in this process.
 */
async function stackConfig(stack: string, env: NodeJS.ProcessEnv): Promise<ConfigSource> {
  const command = ["config", "--json"];
  const config = await askPulumi({ stack, command, what: "configuration", answer }, env);
  const entries = Object.entries(config).map(([key, { value }]) => [key, value] as const);
  const ofDatadog = entries.filter(([key]) => key.startsWith("datadog:"));
  const { refused } = checkSettingNames(Object.fromEntries(ofDatadog), env);
  if (refused.length > 0) throw new Error(refused.join("\n"));
  // One namespace alone: a site of one and a URL of the other are two organisations.
  const ofPlugin = entries.map(
    ([key, value]) => [key.replace(/^datadog-findings:/, "datadog:"), value] as const,
  );
  const values = new Map(ofDatadog.length > 0 ? ofDatadog : ofPlugin);
  return { get: (key) => values.get(key) };
}
