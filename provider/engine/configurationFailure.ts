import { ConfigurationError } from "../datadog/errors/configurationError";
import type { CheckResult } from "./checkFailures";

/**
 * A setting that cannot be used is a problem of the check that comes across it: the engine then tells it as
 * it tells those of inputs.
 */
export async function withConfigurationFailure(
  news: Readonly<Record<string, unknown>>,
  check: () => CheckResult | Promise<CheckResult>,
): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { inputs: { ...news }, failures: [{ property: "", reason: error.message }] };
  }
}
