import { loadOwnershipFile } from "../ownership/ownershipFile";
import { formatProblem } from "../ownership/ownershipFileError";
import type { Terminal } from "./main";

/** Checks a file and prints its warnings. @throws OwnershipFileError with every error */
export function validate(file: string, terminal: Pick<Terminal, "print">): number {
  const { spec, warnings } = loadOwnershipFile(file);
  for (const warning of warnings) terminal.print(`warning: ${formatProblem(warning)}`);
  terminal.print(`${file}: ${spec.rules.length} rules, valid`);
  return 0;
}
