import { loadOwnershipFile } from "../ownership/ownershipFile";
import { formatProblem, OwnershipFileError } from "../ownership/ownershipFileError";
import type { Terminal } from "./terminal";

/** Checks files, and prints what is wrong with each. @returns the exit code: 1 where one of them cannot be used */
export function validate(
  files: readonly string[],
  { print, complain }: Pick<Terminal, "print" | "complain">,
): number {
  let code = 0;
  for (const file of files) {
    try {
      const { spec, warnings } = loadOwnershipFile(file);
      for (const warning of warnings) print(`warning: ${formatProblem(warning)}`);
      print(`${file}: ${spec.rules.length} ${spec.rules.length === 1 ? "rule" : "rules"}, valid`);
    } catch (error) {
      if (!(error instanceof OwnershipFileError)) throw error;
      complain(error.message);
      code = 1;
    }
  }
  return code;
}
