import { readFileSync } from "node:fs";
import { z } from "zod";
import { Emulator } from "../emulator";
import { type EmulatorServer, startEmulator } from "../emulatorServer";
import { exampleWorld } from "../exampleWorld/exampleWorld";
import { LIMITED_FAMILIES } from "../exchange";
import { type CommandLine, parseCommandLine, usage } from "./commandLine";
import { welcome } from "./welcome";

export interface RunEmulatorOptions {
  /** What the user types before the options, for the usage. */
  readonly command: string;
  /** `owners.json` of `examples/quickstart`, whose findings exist in the emulator. */
  readonly quickstartOwners: string;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

const TAKEN =
  "choose another --port, and the same one in DD_HOST; if another emulator listens on this one, pulumi would talk to that";

const owners = z.record(z.string(), z.object({ findingIds: z.array(z.string()) }));

/**
 * Starts the emulator with all that the examples name, and prints what a user has to set and every request.
 * @returns undefined where the usage was printed; after an error in `args` the exit code of the process is 1
 */
export async function runEmulator(
  args: readonly string[],
  options: RunEmulatorOptions,
): Promise<EmulatorServer | undefined> {
  const { command, quickstartOwners, print, printError } = options;
  try {
    const commandLine = parseCommandLine(args);
    if (commandLine === undefined) {
      print(usage(command));
      return undefined;
    }
    const emulator = createEmulator(commandLine, findingIdsIn(quickstartOwners));
    const server = await startEmulator({ emulator, port: commandLine.port });
    print(welcome(server.url, emulator, Date.now()));
    emulator.onRequest = ({ phase, request }) => {
      if (phase === "after") print(`${request.method} ${request.path} ${request.outcome}\n`);
    };
    return server;
  } catch (error) {
    const isTaken = Reflect.get(Object(error), "code") === "EADDRINUSE";
    const problem = error instanceof Error ? error.message : String(error);
    printError(isTaken ? `${problem}: ${TAKEN}\n` : `${problem}\n\n${usage(command)}`);
    process.exitCode = 1;
    return undefined;
  }
}

function createEmulator({ findings: count, seed, lag, limit }: CommandLine, findingIds: string[]): Emulator {
  const rateLimits = limit && Object.fromEntries(LIMITED_FAMILIES.map((family) => [family, limit]));
  return new Emulator({
    ...exampleWorld({ count, seed, findingIds }),
    searchLagMs: lag,
    ...(rateLimits ? { rateLimits } : {}),
  });
}

function findingIdsIn(file: string): string[] {
  return Object.values(owners.parse(JSON.parse(readFileSync(file, "utf8")))).flatMap(
    ({ findingIds }) => findingIds,
  );
}
