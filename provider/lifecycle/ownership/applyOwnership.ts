import { assignFindings, type ChangeReport, ReportBuilder } from "../assignFindings";
import { reportFailures } from "../assignmentError";
import { explainFailures } from "../messages";
import type { Session } from "../session";
import { exceeds, refusal } from "./describePlan";
import { letGo } from "./handOver";
import { OtherOwnerships } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipPlan, PlannedRule } from "./ownershipPlan";
import { type OwnershipState, storeOwnershipState } from "./ownershipState";
import { labelOf, preparePlan } from "./preparePlan";
import { RuleGuard } from "./ruleGuard";
import { stateAfter } from "./stateAfter";

/**
 * Carries the plan out through the queue of the process.
 * @param id of the resource, for the error that keeps its state
 * @param provider the serialized provider, which a stored state must carry
 * @throws Error before anything is sent if more than `maxChanges` would change
 * @throws AssignmentError with the new state where some findings failed
 */
export async function applyOwnership(
  session: Session,
  id: string,
  inputs: OwnershipInputs,
  old: OwnershipState | undefined,
  provider: unknown,
): Promise<Record<string, unknown>> {
  const plan = await preparePlan(session, inputs, old);
  if (exceeds(inputs.spec, plan)) throw new Error(`${labelOf(inputs)}: ${refusal(inputs.spec, plan)}`);
  const label = labelOf(inputs);
  const reports = await Promise.all(plan.rules.map((rule) => assignRule(session, label, rule, plan)));
  const released = await release(session, label, inputs, plan);
  // What no longer exists needs no owner: between the search and the change a finding may go.
  const failures = [...reports, released].flatMap(({ failed }) => failed);
  const outs = storeOwnershipState(stateAfter(session, { inputs, old, plan, reports, failures }));
  if (failures.length === 0) return outs;
  const leftAlone = reports.reduce((sum, report) => sum + report.leftAlone.length, 0);
  const total = plan.total.count - leftAlone;
  const wanted = "assigned as the rules declare";
  const succeeded = total - failures.length;
  const ambiguous = [...reports, released].reduce((sum, report) => sum + report.ambiguous.length, 0);
  const reasons = explainFailures({ failures, wanted, succeeded, ambiguous, total });
  return reportFailures(session, { id, reasons, properties: { ...outs, __provider: provider } });
}

async function assignRule(
  session: Session,
  label: string,
  rule: PlannedRule,
  { madeAt }: OwnershipPlan,
): Promise<ChangeReport> {
  const ids = rule.pending.map((finding) => finding.id);
  const guard = new RuleGuard(session, rule, madeAt);
  const report = await assignFindings(session, `${label}/${rule.name}`, ids, rule.ownerId, guard.review);
  for (const line of await guard.describe(report.leftAlone)) session.print(`${label}: ${line}`);
  return report;
}

/** Other resources may have been checked since the plan was made: what they declare stays. */
async function release(
  session: Session,
  label: string,
  inputs: OwnershipInputs,
  { releases }: OwnershipPlan,
): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const others = await OtherOwnerships.of(session, inputs);
  const due = await Promise.all(
    releases.map(({ ownerId, findings }) => others.releasable(ownerId, findings)),
  );
  await letGo(session, label, due.flat(), report);
  return report.build();
}
