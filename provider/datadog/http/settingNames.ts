import { nearest } from "../../core/nearest";
import { settingNames, variablesOf } from "./settingSources";

export interface NameProblems {
  /** Nothing may be sent: the keys could go to another Datadog than is meant, or others be used. */
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Looks for configuration of a stack that the resources of this package do not read, although somebody wrote
 * it for them: a misspelt name, or the plugin's namespace. `datadog:` belongs to the official provider for
 * Datadog, too, whose settings pass, as does what resembles none of ours. No value is quoted: it may be a
 * key.
 * @param config all of the stack's configuration; keys with their namespace, such as `datadog:site`
 */
export function checkSettingNames(
  config: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
): NameProblems {
  const isSet = (name: string) =>
    isWritten(config[`datadog:${name}`]) || variablesOf(name).some((variable) => isWritten(env[variable]));
  const refused: string[] = [];
  const warnings: string[] = [];
  for (const key of Object.keys(config)) {
    const [namespace, name = ""] = key.split(/:(.*)/s);
    const meant = meantBy(name);
    if (meant === undefined) continue;
    if (namespace === "datadog" && name !== meant) refused.push(misspelt(key, meant));
    if (namespace !== "datadog-findings") continue;
    const saysHost = HOSTS.includes(meant);
    if (saysHost ? HOSTS.some(isSet) : isSet(meant)) continue;
    const problem = `${key} is read by the plugin only`;
    const names = [`datadog:${meant}`, ...variablesOf(meant).slice(0, 1)].join(" or ");
    const run = `run ${setCommand(meant)}`;
    const reader = `the resources of the npm package read ${names}`;
    if (saysHost) refused.push(`${problem}; ${reader}, and neither is set: nothing was sent; ${run}`);
    else warnings.push(`${problem}, so it has no effect on the resources of the npm package; ${run}`);
  }
  return { refused, warnings };
}

/** What says which Datadog the keys go to. */
const HOSTS = ["site", "apiUrl"];

/**
 * Of the official provider, and none of ours.
 * Source: https://www.pulumi.com/registry/packages/datadog/installation-configuration/
 */
const OFFICIAL = [
  "validate",
  "defaultTags",
  "awsAccessKeyId",
  "awsSecretAccessKey",
  "awsSessionToken",
  "cloudProviderRegion",
  "cloudProviderType",
  "orgUuid",
];

/** What people write who have not seen the names. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["host", "apiUrl"],
  ["url", "apiUrl"],
  ["applicationkey", "appKey"],
]);

function meantBy(name: string): string | undefined {
  if (OFFICIAL.includes(name)) return undefined;
  if (settingNames.includes(name)) return name;
  return OTHER_NAMES.get(name.replace(/[_-]/g, "").toLowerCase()) ?? nearest(name, settingNames);
}

function misspelt(key: string, meant: string): string {
  return (
    `${key} is not a setting: did you mean datadog:${meant}? ` +
    `Run \`pulumi config rm ${key}\`, and ${setCommand(meant)}`
  );
}

function setCommand(name: string): string {
  return `\`pulumi config set ${name.endsWith("Key") ? "--secret " : ""}datadog:${name}\``;
}

function isWritten(value: unknown): boolean {
  return String(value ?? "").trim() !== "";
}
