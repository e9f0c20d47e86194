import { z } from "zod";
import { ConfigurationError } from "../errors/configurationError";
import { DEFAULT_RETRY, type RetrySettings } from "../model/retrySettings";
import { Credentials, type Setting } from "./credentials";
import { settingSources as sources } from "./settingSources";
import { siteUrl } from "./sites";

/** The stack's configuration; keys with their namespace, such as `datadog:site`. */
export interface ConfigSource {
  get(key: string): unknown;
}

export interface DatadogSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Which setting the URL comes from, as the user writes it. */
  readonly hostSetting: string;
  readonly credentials: Credentials;
  readonly retry: RetrySettings;
  /** false: a preview of lists does not ask who has the findings. Default: it does. */
  readonly previewLookups?: boolean;
  /** The file to which a line of JSON is added for each finding that changes owner. Default: none. */
  readonly changesFile?: string;
}

/** How long an answer is waited for, ms. */
export const ANSWER_TIMEOUT_MS = 90_000;

type Find = (source: keyof typeof sources) => Setting | undefined;

const SECONDS = "a number of seconds";

/**
 * Reads the settings, with the names that the official Pulumi provider gives them; configuration wins over
 * environment. Defaults: `DEFAULT_RETRY`, that is 8 retries within 600 s, waits from 2 s doubling up to 60 s,
 * each drawn at random (full jitter).
 * @throws ConfigurationError; missing keys are no error before the first request
 */
export function readSettings(config: ConfigSource, env: NodeJS.ProcessEnv): DatadogSettings {
  const find: Find = (source) => {
    for (const name of sources[source]) {
      // A secret that was piped into its variable often ends with a line end.
      const value = String((name.startsWith("datadog:") ? config.get(name) : env[name]) ?? "").trim();
      if (value !== "") return { name, value };
    }
    return undefined;
  };
  const changesFile = find("changesFile")?.value;
  return {
    ...hostOf(find),
    credentials: new Credentials(find("apiKey"), find("appKey")),
    ...(flag(find("previewLookups"), true) ? {} : { previewLookups: false }),
    ...(changesFile !== undefined && { changesFile }),
    retry: {
      enabled: flag(find("retryEnabled"), DEFAULT_RETRY.enabled),
      timeoutMs: 1_000 * amount(find("retryTimeout"), DEFAULT_RETRY.timeoutMs / 1_000, anyAmount, SECONDS),
      maxRetries: amount(
        find("maxRetries"),
        DEFAULT_RETRY.maxRetries,
        wholeAmount,
        "a whole number of retries",
      ),
      backoffBaseMs:
        1_000 * amount(find("backoffBase"), DEFAULT_RETRY.backoffBaseMs / 1_000, anyAmount, SECONDS),
      backoffMultiplier: amount(
        find("backoffMultiplier"),
        DEFAULT_RETRY.backoffMultiplier,
        factor,
        "a factor of at least 1",
      ),
    },
  };
}

/** Config before environment, and within each a URL before a site. */
function hostOf(find: Find): Pick<DatadogSettings, "baseUrl" | "hostSetting"> {
  const url = find("apiUrl");
  const site = find("site");
  if (url && (url.name.startsWith("datadog:") || !site?.name.startsWith("datadog:"))) {
    return { baseUrl: checkedUrl(url), hostSetting: url.name };
  }
  if (site) return { baseUrl: siteUrl(site.value, site.name), hostSetting: site.name };
  return { baseUrl: siteUrl("datadoghq.com", "datadog:site"), hostSetting: "datadog:site or DD_SITE" };
}

function checkedUrl({ name, value }: Setting): string {
  const refuse = (problem: string) => new ConfigurationError(name, shownUrl(value), problem);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url) throw refuse("a URL is needed, such as https://api.datadoghq.eu");
  if (url.username !== "" || url.password !== "") {
    throw new ConfigurationError(name, url.host, "the URL must not contain a user or a password");
  }
  if (url.search !== "" || url.hash !== "") throw refuse("the URL must not have a query or a fragment");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw refuse(
      "each request carries the keys, so the URL must begin with https:// (http:// only for this machine)",
    );
  }
  const base = url.href.replace(/\/+$/, "");
  const withoutPath = base.replace(/\/api(\/v\d+)?(\/security.*)?$/, "");
  if (withoutPath !== base)
    throw refuse(`the provider adds the path of the API by itself; set it to ${withoutPath}`);
  return base;
}

/** Without what may be secret: a user and password, a query. */
function shownUrl(value: string): string {
  return value.replace(/[?#].*$/s, "").replace(/^.*@/s, "");
}

/** 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const flagText = z.stringbool();

function flag(setting: Setting | undefined, otherwise: boolean): boolean {
  if (!setting) return otherwise;
  const parsed = flagText.safeParse(setting.value);
  if (!parsed.success)
    throw new ConfigurationError(setting.name, setting.value, '"true" or "false" is needed');
  return parsed.data;
}

const anyAmount = z.coerce.number().min(0);
const wholeAmount = anyAmount.int();
const factor = z.coerce.number().min(1);

function amount(
  setting: Setting | undefined,
  otherwise: number,
  schema: z.ZodType<number>,
  needed: string,
): number {
  if (!setting) return otherwise;
  const parsed = schema.safeParse(setting.value);
  if (!parsed.success) throw new ConfigurationError(setting.name, setting.value, `${needed} is needed`);
  return parsed.data;
}
