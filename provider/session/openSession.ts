import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createDatadogClient } from "../datadog/client";
import type { DatadogSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import { accountOf } from "./datadogAccount";
import { createSession, type Session, type SessionOptions } from "./session";

/** The session of one configured provider, on the network and in real time. */
export function openSession(
  settings: DatadogSettings,
  printing: Pick<SessionOptions, "print" | "printProgress">,
): Session {
  const { api } = createDatadogClient({
    settings,
    clock: systemClock,
    random: Math.random,
    onWait: ({ ms }) => session.progress.waiting(ms),
    onRetry: ({ reason, ms }) => session.progress.retrying(reason, ms),
  });
  const { changesFile } = settings;
  const session: Session = createSession({
    api,
    clock: systemClock,
    random: Math.random,
    uuid: randomUUID,
    account: accountOf(settings),
    retry: settings.retry,
    // At once and in order: what Datadog has accepted is in the file, whatever becomes of this process.
    ...(changesFile !== undefined && { writeChange: (line) => appendFileSync(changesFile, line) }),
    ...(settings.previewLookups !== undefined && { previewLookups: settings.previewLookups }),
    ...printing,
  });
  return session;
}
