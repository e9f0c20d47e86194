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
  const say = (line: string, ephemeral: boolean) => {
    const urn = current.getStore();
    log.say({ severity: "INFO", message: spoken(withoutName(line, urn), secrets), urn, ephemeral });
  };
  return {
    print: (line) => say(line, false),
    progress: (line) => say(line, true),
    know: (user) => secrets.addNamesOf(user),
  };
}

/** The engine shows the line under its resource: the name need not stand there twice. */
function withoutName(line: string, urn = ""): string {
  const name = urn.split("::").slice(3).join("::");
  return name !== "" && line.startsWith(`${name}: `) ? line.slice(name.length + 2) : line;
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
