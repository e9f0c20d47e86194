import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { firstIds } from "../messages/messages";
import { lookUpOwners } from "../session/lookUpOwners";
import type { Session } from "../session/session";
import { findSuccessors } from "../transfer/findSuccessors";
import { refusalOf } from "../transfer/handOver";
import { tellTransfers } from "../transfer/tellTransfers";

/** Says in a preview how many findings leave a list. Rules and other lists may be compared later. */
export function tellLeaving(
  { print }: Pick<Session, "print">,
  label: string,
  leaving: readonly string[],
): void {
  if (leaving.length === 0) return;
  const them = leaving.length === 1 ? "it" : "them";
  print(
    `${label}: ${countOf(leaving, "finding")} to unassign, unless a rule or another list of this program ` +
      `takes ${them}: ${firstIds(leaving)}`,
  );
}

/**
 * Says in a preview which of them go over to rules that were compared before, and what these refuse: a
 * request for each 100, none where no rules were compared. Rules that are compared later say it themselves.
 */
export async function previewTransfers(
  session: Session,
  label: string,
  leaving: readonly string[],
): Promise<void> {
  if (leaving.length === 0 || session.ownerships.size === 0) return;
  const { findings, answeredAt } = await lookUpOwners(session, label, leaving);
  const ours = [...findings.values()].filter(
    (finding) => session.leaving.get(finding.id)?.isOurs(finding, answeredAt) ?? true,
  );
  const { found } = await findSuccessors(session, ours);
  // What rules take from the list by themselves stands in their plan.
  const transfers = [...found].filter(
    ([id, { declaration }]) => !session.ownerships.hasCounted(declaration, id),
  );
  tellTransfers(
    session,
    transfers.map(([findingId, successor]) => ({ findingId, label, successor })),
  );
  for (const [successor, group] of groupBy(transfers, ([, each]) => each)) {
    const moving = group
      .map(([id]) => id)
      .filter((id) => findings.get(id)?.assignee?.id !== successor.ownerId);
    const refusal = refusalOf(session, successor, moving);
    if (refusal)
      session.print(
        `${label}: warning: pulumi up fails: ${refusal.detail}; raise ${refusal.bound}, or narrow the rule`,
      );
  }
}
