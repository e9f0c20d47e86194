import { readSettings } from "../datadog/http/settings";
import { openSession } from "../session/openSession";
import type { Session } from "../session/session";
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
  return openSession(settings, {
    print: (line) => listener.print(line),
    printProgress: (line) => listener.progress(line),
  });
}
