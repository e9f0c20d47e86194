import { randomUUID } from "node:crypto";
import { accessSync, appendFileSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../core/messageOf";
import { createDatadogClient } from "../datadog/client";
import { ConfigurationError } from "../datadog/errors/configurationError";
import type { DatadogSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import { accountOf } from "./datadogAccount";
import { createSession, type Session, type SessionOptions } from "./session";

/**
 * The session of one configured provider, on the network and in real time.
 * @throws ConfigurationError where the file of changes cannot be written
 */
export function openSession(
  settings: DatadogSettings,
  printing: Pick<SessionOptions, "print" | "printProgress" | "onUser">,
): Session {
  const { changesFile } = settings;
  if (changesFile !== undefined) checkWritable(changesFile);
  const api = createDatadogClient({
    settings,
    clock: systemClock,
    random: Math.random,
    onWait: ({ ms }) => session.progress.waiting(ms),
    onRetry: ({ reason, ms }) => session.progress.retrying(reason, ms),
  });
  const session: Session = createSession({
    api,
    clock: systemClock,
    random: Math.random,
    uuid: randomUUID,
    account: accountOf(settings),
    hostSetting: settings.hostSetting,
    retry: settings.retry,
    // At once and in order: what Datadog has accepted is in the file, whatever becomes of this process.
    ...(changesFile !== undefined && { writeChange: (line) => appendFileSync(changesFile, line) }),
    ...(settings.previewLookups !== undefined && { previewLookups: settings.previewLookups }),
    ...printing,
  });
  return session;
}

/** Before anything is sent. Writes nothing: a preview leaves no file. */
function checkWritable(changesFile: string): void {
  try {
    accessSync(existsSync(changesFile) ? changesFile : dirname(changesFile), constants.W_OK);
  } catch (error) {
    const reason = messageOf(error);
    throw new ConfigurationError(
      "datadog:changesFile",
      changesFile,
      `this file cannot be written: ${reason}`,
    );
  }
}
