import { groupBy } from "../core/groupBy";
import { reportFailures } from "../engine/assignmentError";
import { explainFailures } from "../messages/messages";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { assignFindings, type ChangeReport, mergeReports, ReportBuilder } from "../transfer/assignFindings";
import { givenByRules } from "../transfer/givenByRules";
import { transferOrUnassign } from "../transfer/transferOrUnassign";
import { describeResult } from "./describeResult";
import { movingToLists } from "./movingToLists";
import { OtherOwnerships } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import { deployedBy, type OwnershipState, ownersIn, storeOwnershipState } from "./ownershipState";
import type { OwnershipPlan, PlannedRule } from "./plannedOwnership";
import { preparePlan } from "./preparePlan";
import { refuseOverlaps } from "./refuseOverlaps";
import { refuseTooMany } from "./refuseTooMany";
import { RuleGuard } from "./ruleGuard";
import { stateAfter } from "./stateAfter";
import { verifyAccount } from "./verifyAccount";

/**
 * Carries the plan out through the queue of the process.
 * @param id of the resource, for the error that keeps its state
 * @param provider the serialized provider, which a stored state must carry
 * @throws RuleError before anything is sent if more than `maxChanges` would change, or if other rules of the
 * program give a finding to somebody else
 * @throws OtherOrganisationError where the keys belong to another organisation than the state
 * @throws AssignmentError with the new state where some findings failed
 */
export async function applyOwnership(
  session: Session,
  id: string,
  inputs: OwnershipInputs,
  old: OwnershipState | undefined,
  provider: unknown,
): Promise<Record<string, unknown>> {
  if (old) await verifyAccount(session, old);
  const plan = await preparePlan(session, inputs, old);
  const label = labelOf(inputs);
  refuseTooMany(session, inputs, plan);
  await refuseOverlaps(session, inputs, plan);
  const context = { spec: inputs.spec, deployed: deployedBy(old) };
  const reports = await Promise.all(
    plan.rules.map((rule) => assignRule(session, label, rule, plan, context)),
  );
  const released = await release(session, label, inputs, plan);
  const blocked = plan.rules.flatMap((rule) => rule.blocked);
  const failures = [...blocked, ...[...reports, released].flatMap(({ failed }) => failed)];
  const moving = inputs.spec.releaseRemoved ? await movingToLists(session, plan.declaredLeftovers) : [];
  const state = stateAfter(session, { inputs, old, plan, reports, released, moving, failures });
  session.ownerships.noteStored(inputs, ownersIn(state));
  const outs = storeOwnershipState(state);
  for (const line of describeResult(label, plan, reports, failures.length, session.users))
    session.print(line);
  if (failures.length === 0) return outs;
  const leftAlone = reports.reduce((sum, report) => sum + report.leftAlone.length, 0);
  const total = plan.own + blocked.length - leftAlone;
  const wanted = "assigned as the rules declare";
  const succeeded = total - failures.length;
  const ambiguous = [...reports, released].reduce((sum, report) => sum + report.ambiguous.length, 0);
  const cut = plan.rules.flatMap(({ more, blocked: some }) => (more ? some : []));
  const reasons = explainFailures({ failures, wanted, succeeded, ambiguous, total, cut });
  return reportFailures(session, { id, reasons, properties: { ...outs, __provider: provider } });
}

async function assignRule(
  session: Session,
  label: string,
  rule: PlannedRule,
  plan: OwnershipPlan,
  context: ConstructorParameters<typeof RuleGuard>[3],
): Promise<ChangeReport> {
  const blocked = new Set(rule.blocked.map(({ findingId }) => findingId));
  const ids = rule.pending.map((finding) => finding.id).filter((id) => !blocked.has(id));
  for (const { id, assignee } of rule.pending) {
    const wasReleased = session.accepted.last(id)?.assigneeId === null;
    const from = wasReleased ? null : assignee;
    session.changeLog?.expect(id, { resource: label, rule: rule.name, from });
  }
  const guard = new RuleGuard(session, rule, plan, context);
  const byRecipient = groupBy(ids, (id) => rule.recipients.get(id));
  const reports = [...byRecipient].flatMap(([userId, group]) =>
    userId === undefined ? [] : [assignFindings(session, label, group, userId, guard.review)],
  );
  const report = mergeReports(await Promise.all(reports));
  const given = session.shared.get(givenByRules);
  for (const id of report.done) given.set(id, { resource: label, rule: rule.name });
  for (const line of await guard.describe(report.leftAlone)) session.print(`${label}: ${line}`);
  return report;
}

/**
 * Other resources may have been checked since the plan was made: what they declare stays. Where that cannot
 * be asked nothing is released, and each finding is a failure: what was assigned must get into the state.
 */
async function release(
  session: Session,
  label: string,
  inputs: OwnershipInputs,
  { leftovers }: OwnershipPlan,
): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const held = inputs.spec.releaseRemoved ? leftovers.flatMap(({ findings }) => findings) : [];
  if (held.length === 0) return report.build();
  try {
    const others = await OtherOwnerships.of(session, inputs);
    const due = await others.releasable(held);
    const unclaimed = due.filter(({ id }) => !session.claims.has(id));
    await transferOrUnassign(session, label, unclaimed, report, { isOver: false });
  } catch (error) {
    report.failAll(
      held.map(({ id }) => id),
      error,
    );
  }
  return report.build();
}
