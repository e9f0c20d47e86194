/** Where each setting may stand: config key first, then variables in this order. */
export const settingSources = {
  apiUrl: ["datadog:apiUrl", "DD_HOST", "DATADOG_HOST"],
  site: ["datadog:site", "DD_SITE", "DATADOG_SITE"],
  apiKey: ["datadog:apiKey", "DD_API_KEY", "DATADOG_API_KEY"],
  appKey: ["datadog:appKey", "DD_APP_KEY", "DATADOG_APP_KEY"],
  previewLookups: ["datadog:previewLookups"],
  changesFile: ["datadog:changesFile"],
  retryEnabled: ["datadog:httpClientRetryEnabled", "DD_HTTP_CLIENT_RETRY_ENABLED"],
  retryTimeout: ["datadog:httpClientRetryTimeout", "DD_HTTP_CLIENT_RETRY_TIMEOUT"],
  maxRetries: ["datadog:httpClientRetryMaxRetries", "DD_HTTP_CLIENT_RETRY_MAX_RETRIES"],
  backoffBase: ["datadog:httpClientRetryBackoffBase", "DD_HTTP_CLIENT_RETRY_BACKOFF_BASE"],
  backoffMultiplier: ["datadog:httpClientRetryBackoffMultiplier", "DD_HTTP_CLIENT_RETRY_BACKOFF_MULTIPLIER"],
} as const;

/** Of the stack's configuration, without their namespace `datadog`. */
export const settingNames: readonly string[] = Object.values(settingSources).map(([key]) => nameOf(key));

/** The variables that stand for a setting of the configuration, in the order in which they are read. */
export function variablesOf(name: string): readonly string[] {
  return (
    Object.values(settingSources)
      .find(([key]) => nameOf(key) === name)
      ?.slice(1) ?? []
  );
}

function nameOf(key: string): string {
  return key.replace(/^datadog:/, "");
}
