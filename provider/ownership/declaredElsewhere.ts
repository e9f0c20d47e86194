import type { Finding } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import type { DeclaredElsewhere, PlannedRule } from "./plannedOwnership";

/**
 * Those of a rule's findings whose FindingsAssignment names another user: a mistake of the program that a
 * person has to settle.
 */
export async function declaredElsewhere(
  session: Session,
  rule: Pick<PlannedRule, "name" | "assignee" | "ownerIds">,
  findings: ReadonlyArray<Pick<Finding, "id">>,
): Promise<DeclaredElsewhere[]> {
  const found = await Promise.all(
    findings.map(async ({ id }) => {
      const claim = session.claims.of(id);
      const same = !claim || (await namesOwner(session, rule, claim.assignee));
      return same ? [] : [{ findingId: id, ruleName: rule.name, resourceName: claim.resourceName }];
    }),
  );
  return found.flat();
}

/** An e-mail and a UUID may name the same user. */
async function namesOwner(
  session: Session,
  { assignee, ownerIds }: Pick<PlannedRule, "assignee" | "ownerIds">,
  claimed: string,
): Promise<boolean> {
  if ([assignee, ...ownerIds].some((name) => name.toLowerCase() === claimed.toLowerCase())) return true;
  // Who cannot be found is told of by the resource that declares the finding.
  const claimedId = await session.assignees.resolve(claimed).catch(() => "");
  return ownerIds.includes(claimedId);
}
