import type { Day } from "../core/day";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { isInForce } from "../rules/effectiveOwnership";
import type { FileShare } from "../rulesFile/mergedFiles";
import { loadOwnershipFile, type OwnershipFile } from "../rulesFile/ownershipFile";
import { formatProblem, OwnershipFileError } from "../rulesFile/ownershipFileError";
import { type Command, STACK_OPTION, UsageError } from "./command";
import { connect } from "./connect";
import { idleRules } from "./idleRules";
import type { Terminal } from "./terminal";
import { unfitOwners } from "./unfitOwners";

export const validate: Command = {
  name: "validate",
  operands: "FILE...",
  summary: "checks ownership files, without keys and without network",
  details: [
    "Prints file, line and column of every error, and of what is probably a mistake: no rule for the rest, attributes\n" +
      "without their @, names one typo away from what Datadog documents, rules that end soon. Included files are checked, too,\n" +
      "and named in the order in which their rules come.",
    "With --online it asks Datadog, too: whether the owners of each rule can be given findings, one look-up for each name and\n" +
      "two for each team, and whether each rule matches any finding, one request for each rule.",
  ],
  options: [
    { name: "online", summary: "also checks the owners, and says which rules match no finding" },
    STACK_OPTION,
  ],
  async run(args, terminal) {
    const { operands, options } = args;
    if (operands.length === 0) throw new UsageError("validate needs an ownership file", "validate");
    if (options.stack !== undefined && !options.online)
      throw new UsageError("--stack needs --online: without it Datadog is not asked", "validate");
    const api = options.online ? await connect(args, terminal) : undefined;
    let code = 0;
    for (const file of operands) code = Math.max(code, await validateFile(file, api, terminal));
    return code;
  },
};

async function validateFile(
  file: string,
  api: FindingsApi | undefined,
  { today, print, complain }: Terminal,
): Promise<number> {
  try {
    const loaded = loadOwnershipFile(file, today);
    const unfit = api ? await unfitOwners(api, loaded, today) : [];
    const idle = api ? await idleRules(api, loaded, today) : [];
    for (const warning of [...loaded.warnings, ...idle]) print(`warning: ${formatProblem(warning)}`);
    if (unfit.length > 0) throw new OwnershipFileError(unfit);
    print(`${file}: ${describeFile(loaded, today)}`);
    if (loaded.files.length > 1) print(`  in this order: ${loaded.files.map(describeShare).join(", ")}`);
    return 0;
  } catch (error) {
    if (!(error instanceof OwnershipFileError)) throw error;
    complain(error.message);
    return 1;
  }
}

function describeFile({ declaration: { rules } }: OwnershipFile, today: Day): string {
  const idle = rules.filter((rule) => !isInForce(rule, today)).length;
  return `${ruleCount(rules.length)}, valid${idle === 0 ? "" : `, of which ${idle} ${idle === 1 ? "is" : "are"} not in force`}`;
}

function describeShare({ file, rules }: FileShare): string {
  return `${file} (${ruleCount(rules)})`;
}

function ruleCount(rules: number): string {
  return `${rules} ${rules === 1 ? "rule" : "rules"}`;
}
