import { randomUUID } from "node:crypto";
import { createDatadogClient } from "../datadog/client";
import { readSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import { accountOf } from "../session/datadogAccount";
import { createSession, type Session } from "../session/session";
import { configSource } from "./pluginConfiguration";
import type { Properties } from "./properties";

export interface Listener {
  /** A line for the resource that is being worked on. */
  print(line: string): void;
  /** How far the work is. */
  progress(line: string): void;
}

/**
 * What the resources of one configured provider share.
 * @throws ConfigurationError; missing keys are no error before the first request
 */
export function openProviderSession(
  configuration: Properties,
  env: NodeJS.ProcessEnv,
  listener: Listener,
): Session {
  const settings = readSettings(configSource(configuration), env);
  const client = createDatadogClient({
    settings,
    clock: systemClock,
    random: Math.random,
    onWait: ({ ms }) => session.progress.waiting(ms),
    onRetry: ({ reason, ms }) => session.progress.retrying(reason, ms),
  });
  const session: Session = createSession({
    api: client.api,
    clock: systemClock,
    random: Math.random,
    uuid: randomUUID,
    account: accountOf(settings),
    retry: settings.retry,
    print: (line) => listener.print(line),
    printProgress: (line) => listener.progress(line),
  });
  return session;
}
