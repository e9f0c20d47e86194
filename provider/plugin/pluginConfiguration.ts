import { Credentials } from "../datadog/credentials";
import { ConfigurationError } from "../datadog/errors/configurationError";
import { type ConfigSource, readSettings } from "../datadog/settings";
import type { CheckFailure } from "../lifecycle/checkFailures";
import { suggestion } from "../lifecycle/checkFailures";
import { type Properties, UNKNOWN } from "./properties";

/** Names of the configuration, as programs and `pulumi config set datadog-findings:NAME` write them. */
export const settingNames = [
  "apiKey",
  "appKey",
  "site",
  "apiUrl",
  "httpClientRetryEnabled",
  "httpClientRetryTimeout",
  "httpClientRetryMaxRetries",
  "httpClientRetryBackoffBase",
  "httpClientRetryBackoffMultiplier",
] as const;

export const secretSettings: ReadonlySet<string> = new Set(["apiKey", "appKey"]);

/** What the engine and SDKs add of their own. */
const internalNames = ["version", "pluginDownloadURL", "parameterization"];

/** The settings as `readSettings` looks for them. */
export function configSource(values: Properties): ConfigSource {
  return { get: (key) => known(values[key.replace(/^datadog:/, "")]) };
}

function known(value: unknown): unknown {
  return value === UNKNOWN ? undefined : value;
}

/** Every setting that cannot be used, at once. */
export function checkConfiguration(values: Properties): CheckFailure[] {
  const unknownNames = Object.keys(values).filter(
    (name) => !name.startsWith("__") && ![...settingNames, ...internalNames].includes(name),
  );
  return [
    ...unknownNames.map((name) => ({
      property: name,
      reason: `unknown setting "${name}": ${suggestion(name, settingNames)}`,
    })),
    ...settingNames.flatMap((name) => problemOf(name, values[name])),
  ];
}

/** Each setting is looked at alone, so that one problem does not hide another. */
function problemOf(name: string, value: unknown): CheckFailure[] {
  if (value === undefined || value === UNKNOWN) return [];
  try {
    readSettings(configSource({ [name]: value }), {});
    // A key is looked at where it is used, in a header: the other one is made up.
    if (name === "apiKey") new Credentials(String(value).trim(), "-").headers();
    if (name === "appKey") new Credentials("-", String(value).trim()).headers();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError))
      return secretSettings.has(name) ? emptyKey(name) : raise(error);
    // The engine shows the value of the property that is named.
    return [{ property: secretSettings.has(name) ? "" : name, reason: error.message }];
  }
}

function emptyKey(name: string): CheckFailure[] {
  return [{ property: "", reason: `datadog:${name} is empty: set it, or take it out` }];
}

function raise(error: unknown): never {
  throw error;
}

/** Which API a configuration speaks to; undefined where that cannot be said. */
export function baseUrlOf(values: Properties, env: NodeJS.ProcessEnv): string | undefined {
  if (values["site"] === UNKNOWN || values["apiUrl"] === UNKNOWN) return undefined;
  try {
    const { site, apiUrl } = values;
    return readSettings(configSource({ site, apiUrl }), env).baseUrl;
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/**
 * The configuration with the API that it speaks to, where only the environment, or nothing, says so: the state then tells which
 * organisation its findings are in, whatever the environment is by the next deployment.
 */
export function withOrigin(values: Properties, env: NodeJS.ProcessEnv): Properties {
  if (values["site"] !== undefined || values["apiUrl"] !== undefined) return values;
  const baseUrl = baseUrlOf(values, env);
  if (baseUrl === undefined) return values;
  const [, site] = /^https:\/\/api\.([^/:]+)$/.exec(baseUrl) ?? [];
  return { ...values, ...(site === undefined ? { apiUrl: baseUrl } : { site }) };
}
