import { readSettings } from "../datadog/http/settings";
import type { NamedUser } from "../session/knownUsers";
import { openSession } from "../session/openSession";
import type { Session } from "../session/session";
import { configSource } from "./pluginConfiguration";
import type { Properties } from "./properties";

export interface Listener {
  /** A line for the resource that is being worked on. */
  print(line: string): void;
  /** How far the work is. */
  progress(line: string): void;
  /** A user whom lines may name from now on. */
  know(user: NamedUser): void;
}

/**
 * What the resources of one configured provider share.
 * @throws ConfigurationError; missing keys are no error before the first request
 */
export type OpenSession = (configuration: Properties, listener: Listener) => Session;

/** @param env of the process, for what the configuration leaves out */
export function sessionOpener(env: NodeJS.ProcessEnv): OpenSession {
  return (configuration, listener) => {
    const settings = readSettings(configSource(configuration), env);
    return openSession(settings, {
      print: (line) => listener.print(line),
      printProgress: (line) => listener.progress(line),
      onUser: (user) => listener.know(user),
    });
  };
}
