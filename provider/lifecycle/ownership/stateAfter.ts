import type { FindingProblem } from "../../datadog/findingsApi";
import type { ChangeReport } from "../assignFindings";
import type { Session } from "../session";
import { lagOf } from "./givenLately";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipPlan } from "./ownershipPlan";
import { deployedBy, type OwnershipState } from "./ownershipState";

/** As many stand for so many or more: a page of a search says no more. */
const COUNTED_UNOWNED = 100;

/** Failures beyond this many are counted in the message, and found again by the next plan. */
const STORED_FAILURES = 100;

/** Deployments that fail one after another do not make the state grow for ever. */
const MOST_FORMER = 3;

export interface AppliedPlan {
  readonly inputs: OwnershipInputs;
  readonly old: OwnershipState | undefined;
  readonly plan: OwnershipPlan;
  /** What became of each rule's findings. */
  readonly reports: readonly ChangeReport[];
  readonly failures: readonly FindingProblem[];
}

/** What is to be known after a deployment. */
export function stateAfter(
  session: Pick<Session, "clock">,
  { inputs, old, plan, reports, failures }: AppliedPlan,
): OwnershipState {
  const results = plan.rules.map(({ name, ownerId }, index) => ({
    name,
    assigneeId: ownerId,
    assigned: reports[index]?.done.length ?? 0,
  }));
  const accepted = reports.flatMap(({ acceptedAt }) => acceptedAt ?? []);
  const unseen = plan.releases.length > 0 && lagOf(session, old) !== undefined;
  return {
    spec: inputs.spec,
    results,
    total: results.reduce((sum, { assigned }) => sum + assigned, 0),
    unowned: Math.min(plan.unclaimed.count, COUNTED_UNOWNED),
    failures: failures.slice(0, STORED_FAILURES),
    former: failures.length > 0 || unseen ? deployedBy(old).slice(0, MOST_FORMER) : [],
    assignedAt: accepted.reduce<number | undefined>((last, at) => Math.max(last ?? 0, at), old?.assignedAt),
    resourceName: inputs.resourceName,
  };
}
