import { randomUUID } from "node:crypto";
import { createDatadogClient } from "../datadog/client";
import { type ConfigSource, readSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import { accountOf } from "../session/datadogAccount";
import { createSession, type Session } from "../session/session";
import { onCancel, onDisconnect, onUnheard } from "./cancellation";
import { processSecrets } from "./secretTexts";

/** The engine serves all resources of a deployment from one process, so what they share is made once in it. */
let session: Session | undefined;
let config: ConfigSource | undefined;

/** Notes the stack's configuration. The SDK calls this once for each text of the serialized provider, and does not wait. */
export function configureProcess(source: ConfigSource): void {
  config ??= source;
}

export function processSession(): Session {
  session ??= createProcessSession();
  return session;
}

function createProcessSession(): Session {
  const settings = readSettings(config ?? { get: () => undefined }, process.env);
  const client = createDatadogClient({
    settings,
    clock: systemClock,
    random: Math.random,
    onWait: ({ ms }) => created.progress.waiting(ms),
    onRetry: ({ reason, ms }) => created.progress.retrying(reason, ms),
  });
  const created: Session = createSession({
    api: client.api,
    clock: systemClock,
    random: Math.random,
    uuid: randomUUID,
    account: accountOf(settings),
    retry: settings.retry,
    print: (line) => console.log(processSecrets.redact(line)),
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
