import { type ConfigSource, readSettings } from "../datadog/http/settings";
import { openSession } from "../session/openSession";
import type { Session } from "../session/session";
import { onCancel, onDisconnect, onUnheard } from "./cancellation";
import { processSecrets } from "./secretTexts";

/**
 * The engine serves all resources of a deployment from one process, so what they share is made once in it.
 */
let session: Session | undefined;
let config: ConfigSource | undefined;

/**
 * Notes the stack's configuration. The SDK calls this once for each text of the serialized provider, and does
 * not wait.
 */
export function configureProcess(source: ConfigSource): void {
  config ??= source;
}

export function processSession(): Session {
  session ??= createProcessSession();
  return session;
}

function createProcessSession(): Session {
  const settings = readSettings(config ?? { get: () => undefined }, process.env);
  const created = openSession(settings, {
    print: (line) => console.log(processSecrets.redact(line)),
    onUser: (user) => processSecrets.addNamesOf(user),
  });
  onCancel(() => created.cancel());
  onDisconnect(() => {
    if (created.busy) created.cancel();
  });
  onUnheard(() => endWhenIdle(created));
  return created;
}

/** An engine that was killed ends no provider. What is under way comes to its end: no request is cut off. */
function endWhenIdle(orphan: Session): void {
  orphan.cancel();
  const end = () => {
    if (!orphan.busy) process.exit(1);
  };
  end();
  setInterval(end, 1_000);
}
