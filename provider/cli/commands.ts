import type { Command } from "./command";
import { emulator } from "./emulator";
import { explain } from "./explain";
import { importCodeowners } from "./importCodeowners";
import { importCsv } from "./importCsv";
import { init } from "./init";
import { reportCommand } from "./reportCommand";
import { validate } from "./validate";

/** All subcommands, in the order of the help: a new one is a line here. */
export const COMMANDS: readonly Command[] = [
  init,
  emulator,
  validate,
  explain,
  reportCommand,
  importCodeowners,
  importCsv,
];
