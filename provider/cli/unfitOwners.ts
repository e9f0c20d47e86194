import type { Day } from "../core/day";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { effectiveOwnership, isInForce } from "../rules/effectiveOwnership";
import type { OwnershipFile } from "../rulesFile/ownershipFile";
import type { OwnershipFileProblem } from "../rulesFile/ownershipFileError";
import { OwnerDirectory } from "../session/ownerDirectory";
import { findReportedOwners } from "./reportedOwners";

/**
 * The rules in force whose owners cannot be given findings: unknown, disabled, or a team with nobody in it.
 * One look-up for each name, team and schedule.
 */
export async function unfitOwners(
  api: FindingsApi,
  { declaration, locate }: OwnershipFile,
  today: Day,
): Promise<OwnershipFileProblem[]> {
  const directory = new OwnerDirectory(api);
  const places = declaration.rules.flatMap((rule, index) =>
    isInForce(rule, today) ? [["rules", index, rule.assignees ? "assignees" : "assignee"]] : [],
  );
  const { rules } = effectiveOwnership(declaration, today);
  const owners = await Promise.all(rules.map((rule) => findReportedOwners(directory, rule)));
  return owners.flatMap(({ problem }, at) => {
    const path = places[at];
    return problem === undefined || !path ? [] : [locate({ path, message: problem })];
  });
}
