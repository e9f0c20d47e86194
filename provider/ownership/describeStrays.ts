import { count, findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { UserLabels } from "../messages/formerOwners";
import { firstIds, firstTen } from "../messages/messages";
import type { Strays } from "./findStrays";

/** How many findings stay with which owners, and what to do; no line where there are none. */
export function describeStrays({ findings, more, unknown }: Strays, users: UserLabels): string[] {
  if (unknown !== undefined)
    return [
      `it is not known whether owners of these rules have findings in scope that no rule gives them: ${unknown}; ` +
        "this changes nothing in what the rules assign and release; to look, filter the findings in Datadog by assignee",
    ];
  if (findings.length === 0) return [];
  const byOwner = [...groupBy(findings, ({ assignee }) => assignee?.id).values()].sort(
    (one, other) => other.length - one.length,
  );
  const owners = byOwner.flatMap((group) => {
    const owner = group[0]?.assignee;
    return owner ? [`${count(group.length)} with ${users.label(owner)}`] : [];
  });
  const isOne = findings.length === 1 && !more;
  const [stays, them, they] = isOne ? ["stays", "it", "it"] : ["stay", "them", "they"];
  const of = more ? `of the first ${count(findings.length)}, ` : "";
  return [
    `${findingsOf(findings.length, more)} in scope ${stays} with an owner of these rules, though no rule gives ${them} to that owner: ` +
      `${of}${firstTen(owners)} (${firstIds(findings.map(({ id }) => id))}); either a person assigned ${them}, or ${they} matched another ` +
      `rule before; to change the owner, unassign ${them} in Datadog, or declare ${them} in a FindingsAssignment`,
  ];
}
