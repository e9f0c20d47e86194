import { ConfigurationError } from "../datadog/errors/configurationError";
import { Credentials } from "../datadog/http/credentials";
import { type ConfigSource, readSettings } from "../datadog/http/settings";
import type { CheckFailure } from "../engine/checkFailures";
import { suggestion } from "../engine/checkFailures";
import { type Properties, UNKNOWN } from "./properties";

interface SettingDoc {
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly secret?: true;
  readonly description: string;
}

/**
 * The configuration, as programs and `pulumi config set datadog-findings:NAME` write it, and as the schema
 * describes it.
 */
export const settingDocs = {
  apiKey: {
    type: "string",
    secret: true,
    description:
      "Datadog's API key. Default: the variable DD_API_KEY or DATADOG_API_KEY; a key from there is not stored in the state.",
  },
  appKey: {
    type: "string",
    secret: true,
    description:
      "Datadog's application key. Default: the variable DD_APP_KEY or DATADOG_APP_KEY; a key from there is not stored in the state.",
  },
  site: {
    type: "string",
    description:
      "Datadog's site, such as datadoghq.eu. Default: the variable DD_SITE, or datadoghq.com. Another site has other findings, so a " +
      "change replaces every resource.",
  },
  apiUrl: {
    type: "string",
    description:
      "The URL of the API, in place of `site`; https, or http on this machine. Default: the variable DD_HOST or DATADOG_HOST.",
  },
  httpClientRetryEnabled: {
    type: "boolean",
    description: "Whether a failed request is sent again, also after a 429. Default: true.",
  },
  httpClientRetryTimeout: {
    type: "number",
    description:
      "How long one request may wait between its tries in total, in seconds; a wait that a 429 asks for does not count. Default: 600.",
  },
  httpClientRetryMaxRetries: {
    type: "integer",
    description:
      "How often one request is sent again; a 429 that says how long to wait does not count. Default: 8.",
  },
  httpClientRetryBackoffBase: {
    type: "number",
    description: "The longest that the first wait may be, in seconds. Default: 2.",
  },
  httpClientRetryBackoffMultiplier: {
    type: "number",
    description: "The factor by which the longest wait grows with each try; at least 1. Default: 2.",
  },
  previewLookups: {
    type: "boolean",
    description: "Whether a preview may ask who owns the findings of lists now. Default: true.",
  },
  changesFile: {
    type: "string",
    description: "A file that gets a line of JSON for each finding that changed its owner. Default: none.",
  },
} as const satisfies Readonly<Record<string, SettingDoc>>;

export const settingNames: readonly string[] = Object.keys(settingDocs);

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
    const key = { name: `datadog:${name}`, value: String(value).trim() };
    const other = { name: "", value: "-" };
    if (name === "apiKey") new Credentials(key, other).headers();
    if (name === "appKey") new Credentials(other, key).headers();
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
 * The configuration with the API that it speaks to, where only the environment, or nothing, says so: the
 * state then tells which organisation its findings are in, whatever the environment is by the next
 * deployment.
 */
export function withOrigin(values: Properties, env: NodeJS.ProcessEnv): Properties {
  if (values["site"] !== undefined || values["apiUrl"] !== undefined) return values;
  const baseUrl = baseUrlOf(values, env);
  if (baseUrl === undefined) return values;
  const [, site] = /^https:\/\/api\.([^/:]+)$/.exec(baseUrl) ?? [];
  return { ...values, ...(site === undefined ? { apiUrl: baseUrl } : { site }) };
}
