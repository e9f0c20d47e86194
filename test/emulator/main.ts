import { join } from "node:path";
import { runEmulator } from "./command/runEmulator";

/**
 * Runs the emulator until Ctrl-C, from this repository and from the package alike: the examples are two
 * folders up in both.
 * @param command what the user types before the options
 */
export async function main(args: readonly string[], command: string): Promise<void> {
  const server = await runEmulator(args, {
    command,
    quickstartOwners: join(__dirname, "..", "..", "examples", "quickstart", "owners.json"),
    print: (text: string) => void process.stdout.write(text),
    printError: (text: string) => void process.stderr.write(text),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server?.close());
}

if (require.main === module) void main(process.argv.slice(2), "npm run emulator --");
