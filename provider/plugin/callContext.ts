import { AsyncLocalStorage } from "node:async_hooks";
import type { SecretTexts } from "../dynamic/secretTexts";
import type { DeploymentLog } from "./engineLog";
import type { Listener } from "./providerSession";

const current = new AsyncLocalStorage<string>();

/** Runs the work of one resource: what is said meanwhile stands under it. */
export function forResource<T>(urn: string, work: () => Promise<T>): Promise<T> {
  return current.run(urn, work);
}

/** Says what a session has to say, under the resource whose work it is. */
export function engineListener(log: DeploymentLog, secrets: SecretTexts): Listener {
  return {
    print: (line) => log.say({ severity: "INFO", message: spoken(line, secrets), urn: current.getStore() }),
    progress: (line) =>
      log.say({ severity: "INFO", message: spoken(line, secrets), urn: current.getStore(), ephemeral: true }),
  };
}

/**
 * A text for people: without secrets, and with settings as this package's users write them. The core names
 * them as those of the official Datadog provider, which the dynamic provider shares.
 */
export function spoken(text: string, secrets: SecretTexts): string {
  return secrets
    .redact(text)
    .replace(
      /\bdatadog:(?=apiKey|appKey|site|apiUrl|httpClient|previewLookups|changesFile)/g,
      "datadog-findings:",
    );
}
