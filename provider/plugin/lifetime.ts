import { fstatSync } from "node:fs";
import { messageOf } from "../core/messageOf";
import type { EngineLog } from "./engineLog";
import type { PluginService } from "./pluginService";

/** The engine kills a plugin 5 s after SIGINT, and calls that a bug (recording 106). */
const LONGEST_FAREWELL_MS = 4_000;

const POLL_MS = 20;

/**
 * Ends the process when the engine says so, or is gone.
 * @param hasEngine whether an engine started this process: one that attaches later does not end it
 */
export function obeyEngine(service: PluginService, log: EngineLog, hasEngine: boolean): void {
  // Nobody reads any more: an error of these streams without a listener would end the process before its
  // time.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // One mistake is not to end what the other resources are at.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      const message = messageOf(error);
      log.say({ severity: "ERROR", message: `datadog-findings: ${message}` });
    });
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => end(service, LONGEST_FAREWELL_MS));
  }
  if (hasEngine && isPipe()) {
    // However the engine ended, its end of the pipe closes (recordings 095 and 096).
    process.stdin
      .on("end", () => end(service))
      .on("error", () => end(service))
      .resume();
  }
}

/**
 * Nothing new is sent; a request that is under way comes to its end, so that nobody has to guess what became
 * of it.
 */
function end(service: PluginService, longestMs = Number.POSITIVE_INFINITY): void {
  service.stop();
  const deadline = Date.now() + longestMs;
  const poll = () => {
    if (service.idle || Date.now() >= deadline) process.exit(0);
    setTimeout(poll, POLL_MS);
  };
  poll();
}

function isPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}
