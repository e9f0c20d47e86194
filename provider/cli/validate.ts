import type { Day } from "../core/day";
import { isInForce } from "../core/ownership/effectiveOwnership";
import type { FileShare } from "../ownership/mergedFiles";
import { loadOwnershipFile, type OwnershipFile } from "../ownership/ownershipFile";
import { formatProblem, OwnershipFileError } from "../ownership/ownershipFileError";
import type { Terminal } from "./terminal";

/** Checks files, and prints what is wrong with each. @returns the exit code: 1 where one of them cannot be used */
export function validate(
  files: readonly string[],
  { today, print, complain }: Pick<Terminal, "today" | "print" | "complain">,
): number {
  let code = 0;
  for (const file of files) {
    try {
      const loaded = loadOwnershipFile(file, today);
      for (const warning of loaded.warnings) print(`warning: ${formatProblem(warning)}`);
      print(`${file}: ${describeFile(loaded, today)}`);
      if (loaded.files.length > 1) print(`  in this order: ${loaded.files.map(describeShare).join(", ")}`);
    } catch (error) {
      if (!(error instanceof OwnershipFileError)) throw error;
      complain(error.message);
      code = 1;
    }
  }
  return code;
}

function describeFile({ declaration: { rules } }: OwnershipFile, today: Day): string {
  const idle = rules.filter((rule) => !isInForce(rule, today)).length;
  return `${ruleCount(rules.length)}, valid${idle === 0 ? "" : `, of which ${idle} not in force`}`;
}

function describeShare({ file, rules }: FileShare): string {
  return `${file} (${ruleCount(rules)})`;
}

function ruleCount(rules: number): string {
  return `${rules} ${rules === 1 ? "rule" : "rules"}`;
}
