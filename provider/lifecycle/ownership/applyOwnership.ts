import type { FindingProblem } from "../../datadog/findingsApi";
import { assignFindings, type ChangeReport, change, ReportBuilder } from "../assignFindings";
import { reportFailures } from "../assignmentError";
import { explainFailures } from "../messages";
import type { Session } from "../session";
import { exceeds, refusal } from "./describePlan";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipPlan } from "./ownershipPlan";
import { deployedBy, type OwnershipState, storeOwnershipState } from "./ownershipState";
import { labelOf, preparePlan } from "./preparePlan";

/** Failures beyond this many are counted in the message, and found again by the next plan. */
const STORED_FAILURES = 100;

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
  const reports = await Promise.all(
    plan.rules.map(({ name, pending, ownerId }) => {
      const ids = pending.map((finding) => finding.id);
      return assignFindings(session, `${labelOf(inputs)}/${name}`, ids, ownerId);
    }),
  );
  const released = await release(session, labelOf(inputs), plan);
  const failures = [...reports, released].flatMap(problemsOf);
  const outs = storeOwnershipState(newState(inputs, old, plan, reports, failures));
  if (failures.length === 0) return outs;
  const total = plan.total.count;
  const wanted = "assigned as the rules declare";
  const reasons = explainFailures({ failures, wanted, succeeded: total - failures.length, total });
  return reportFailures(session, { id, reasons, properties: { ...outs, __provider: provider } });
}

async function release(session: Session, label: string, plan: OwnershipPlan): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const findingIds = plan.releases.flatMap(({ findings }) => findings.map((finding) => finding.id));
  await change(session, { label, verb: "unassigned", findingIds, assigneeId: null }, report);
  return { ...report.build(), missing: [] };
}

/** What no longer exists needs no owner: between the search and the change a finding may go. */
function problemsOf({ failed }: ChangeReport): FindingProblem[] {
  return failed;
}

function newState(
  inputs: OwnershipInputs,
  old: OwnershipState | undefined,
  plan: OwnershipPlan,
  reports: readonly ChangeReport[],
  failures: readonly FindingProblem[],
): OwnershipState {
  const results = plan.rules.map(({ name, ownerId }, index) => ({
    name,
    assigneeId: ownerId,
    assigned: reports[index]?.done.length ?? 0,
  }));
  return {
    spec: inputs.spec,
    results,
    total: results.reduce((sum, { assigned }) => sum + assigned, 0),
    unowned: plan.unclaimed.count,
    failures: failures.slice(0, STORED_FAILURES),
    former: failures.length > 0 ? deployedBy(old).slice(0, MOST_FORMER) : [],
    resourceName: inputs.resourceName,
  };
}

/** Deployments that fail one after another do not make the state grow for ever. */
const MOST_FORMER = 3;
