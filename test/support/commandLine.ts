import { main } from "../../provider/cli/main";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, type EmulatorServer } from "../emulator";

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the package in this process, on 26 November 2026. */
export async function runCommand(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    today: "2026-11-26",
    env,
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** What a command needs to ask an emulator. */
export function emulatorEnvironment({ url }: EmulatorServer): NodeJS.ProcessEnv {
  return { DD_HOST: url, DD_API_KEY: EMULATOR_API_KEY, DD_APP_KEY: EMULATOR_APP_KEY };
}
