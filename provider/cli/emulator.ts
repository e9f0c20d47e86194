import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Command, type CommandArguments, type CommandOption, UsageError } from "./command";
import { PROGRAM } from "./usage";

/**
 * Compiled from `test/emulator`, which shares no code with the provider: it is found by its path, at the
 * moment it is wanted.
 */
const MAIN = join(__dirname, "..", "emulator", "main.js");

const OPTIONS: readonly CommandOption[] = [
  { name: "port", value: "N", summary: "default: any free port" },
  { name: "findings", value: "N", summary: "findings beside those of examples/quickstart; default 1000" },
  { name: "seed", value: "N", summary: "seed of the generated findings; default 1" },
  { name: "lag", value: "MS", summary: "how long the search lags behind changes; default 0" },
  { name: "limit", value: "N/SECONDS", summary: "rate limit of each endpoint, such as 100/10; default none" },
];

const emulatorModule = z.object({
  main: z.custom<(args: readonly string[], command: string) => Promise<void>>(
    (value) => typeof value === "function",
  ),
});

export const emulator: Command = {
  name: "emulator",
  operands: "",
  summary: "starts Datadog's findings API on this machine, to try rules without keys",
  details: [
    "It prints what to set in the terminal in which you run pulumi, who its users and teams are, and each request. What it holds\n" +
      "is in memory: each start begins anew. Ctrl-C stops it.",
  ],
  options: OPTIONS,
  async run(args) {
    if (args.operands.length > 0)
      throw new UsageError(`emulator takes options only, not ${args.operands[0]}`, "emulator");
    if (!existsSync(MAIN)) throw new Error("the emulator is not built: run npm run build first");
    await emulatorModule.parse(require(MAIN)).main(asOptions(args), `${PROGRAM} emulator`);
    return Number(process.exitCode ?? 0);
  },
};

function asOptions({ options }: CommandArguments): string[] {
  return OPTIONS.flatMap(({ name }) => {
    const value = options[name];
    return typeof value === "string" ? [`--${name}`, value] : [];
  });
}
