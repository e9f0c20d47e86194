import { count, countOf, findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { problemOf } from "../datadog/errors";
import type { ChangeGuard, Finding } from "../datadog/model/findingsApi";
import { TOO_MANY_CHANGES, TOO_MANY_FOR_OWNER } from "../messages/advise";
import { firstIds } from "../messages/messages";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { change, type ReportBuilder } from "./assignFindings";
import { findSuccessors } from "./findSuccessors";
import type { Successor } from "./successor";
import { tellTransfers } from "./tellTransfers";

/**
 * Gives findings that are about to be released to the owners whose rules take them. The engine deletes last,
 * when the rules have been deployed already, so without this they would end unassigned. They count as changes
 * of the rule's FindingsOwnership: more than its `maxChanges`, or than its `maxChangesPerOwner` for one user,
 * fail, and nothing is sent for them. Who is no owner by the state of that resource keeps and gets nothing,
 * as a later destroy would not release it: the rule's next deployment assigns it, and notes for whom.
 * @param findings as the search has returned them just now
 * @param isOver whether a resource is deleted: rules that have no state by then have failed, and get nothing
 * @returns to whom those go that are not to be unassigned, by finding id
 */
export async function handOver(
  session: Session,
  label: string,
  findings: readonly Finding[],
  report: ReportBuilder,
  isOver: boolean,
): Promise<ReadonlyMap<string, Successor>> {
  const { found, waiting } = await findSuccessors(session, findings).catch((error: unknown) => {
    const { title, detail } = problemOf(error);
    session.print(
      `${label}: cannot tell which of the released findings a rule takes: ${title}: ${detail}; they are unassigned, ` +
        "and the next pulumi up gives them to the owners of their rules",
    );
    return { found: new Map<string, Successor>(), waiting: [] };
  });
  const admitted = new Map(
    [...found].filter(([, { declaration, ruleName, ownerId }]) =>
      session.ownerships.admit(declaration, ruleName, ownerId, isOver),
    ),
  );
  sayThatTheyWait(
    session,
    label,
    [...waiting, ...found.keys()].filter((id) => !admitted.has(id)),
  );
  const bySuccessor = groupBy(findings, ({ id }) => admitted.get(id));
  const due = [...bySuccessor].flatMap(([successor, group]) => {
    if (!successor) return [];
    const moving = movingOf(session, successor, group, report);
    return moving === undefined ? [] : [{ successor, group, moving }];
  });
  tellTransfers(
    session,
    due.flatMap(({ successor, group }) => group.map(({ id }) => ({ findingId: id, label, successor }))),
  );
  await Promise.all(
    due.map(async ({ successor, group, moving }) => {
      for (const finding of group) expectTransfer(session, successor, finding);
      const request = { label, verb: "assigned", findingIds: moving, assigneeId: successor.ownerId };
      await change(session, { ...request, guard: claimedIn(session) }, report);
    }),
  );
  return admitted;
}

export function sayThatTheyWait(
  { print }: Pick<Session, "print">,
  label: string,
  ids: readonly string[],
): void {
  if (ids.length === 0) return;
  const [wait, them] = ids.length === 1 ? ["waits", "it"] : ["wait", "them"];
  print(
    `${label}: ${countOf(ids, "finding")} ${wait} for the next pulumi up, when a rule takes ${them}: ${firstIds(ids)}`,
  );
}

/** What has to be sent; undefined where that is refused, and noted as failed. */
function movingOf(
  session: Session,
  successor: Successor,
  findings: readonly Finding[],
  report: ReportBuilder,
): string[] | undefined {
  const isOwned = (finding: Finding) => isOwnedBy(session, finding, successor.ownerId);
  const moving = findings.filter((finding) => !isOwned(finding)).map(({ id }) => id);
  const refusal = refusalOf(session, successor, moving);
  if (refusal !== undefined) {
    for (const findingId of moving) {
      const { title, detail } = refusal;
      const problem = { findingId, status: 0, title, detail };
      report.note(findingId, { kind: "failed", problem, ambiguous: false });
    }
  }
  for (const { id } of findings.filter(isOwned)) report.note(id, { kind: "superseded" });
  return refusal === undefined ? moving : undefined;
}

/** What this process has released a moment ago nobody has, whatever the search shows. */
function expectTransfer(session: Session, { declaration, ruleName }: Successor, finding: Finding): void {
  const wasReleased = session.accepted.last(finding.id)?.assigneeId === null;
  session.changeLog?.expect(finding.id, {
    resource: labelOf(declaration),
    rule: ruleName,
    from: wasReleased ? null : finding.assignee,
  });
}

/** Counts the findings as changes of the rule's resource. @returns why they may not be changed */
export function refusalOf(
  session: Session,
  { declaration, ruleName, ownerId }: Successor,
  moving: readonly string[],
): { title: string; detail: string; bound: string } | undefined {
  const { maxChanges, maxChangesPerOwner } = declaration.spec;
  const counts = session.ownerships.countChanges(
    declaration,
    moving.map((id) => [id, ownerId]),
  );
  const ofOwner = counts.byOwner.get(ownerId) ?? 0;
  const takes =
    `rule "${ruleName}" of "${labelOf(declaration)}" takes ${findingsOf(moving.length)}, ` + "which makes";
  if (maxChanges !== undefined && counts.total > maxChanges) {
    const detail = `${takes} ${count(counts.total)} changes, but its maxChanges is ${count(maxChanges)}`;
    return { title: TOO_MANY_CHANGES, detail, bound: "maxChanges" };
  }
  if (maxChangesPerOwner !== undefined && ofOwner > maxChangesPerOwner) {
    const owner = session.users.label({ id: ownerId });
    const detail = `${takes} ${count(ofOwner)} for ${owner}, but its maxChangesPerOwner is ${count(maxChangesPerOwner)}`;
    return { title: TOO_MANY_FOR_OWNER, detail, bound: "maxChangesPerOwner" };
  }
  return undefined;
}

/** The search may lag behind what this process has changed. */
function isOwnedBy(session: Session, { id, assignee }: Finding, userId: string): boolean {
  const { assigneeId = userId } = session.accepted.last(id) ?? {};
  return assignee?.id === userId && assigneeId === userId;
}

/** Another resource that declares a finding has the last word. */
function claimedIn(session: Session): ChangeGuard {
  return async (findingIds) => new Set(findingIds.filter((id) => session.claims.has(id)));
}
