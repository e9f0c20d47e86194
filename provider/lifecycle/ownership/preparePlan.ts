import type { OwnershipSpec } from "../../core/ownership/rule";
import { MissingCredentialsError } from "../../datadog/errors/missingCredentialsError";
import { PermissionError } from "../../datadog/errors/permissionError";
import type { Session } from "../session";
import { describePlan } from "./describePlan";
import type { OwnershipInputs } from "./ownershipInputs";
import { type OwnershipPlan, planOwnership } from "./ownershipPlan";
import type { OwnershipState } from "./ownershipState";

/** Plans of this process: what check or diff has found, create or update carries out. */
const plans = new WeakMap<Session, Map<string, Promise<OwnershipPlan>>>();

/** The plan, made once a process for the same rules, and printed then: the preview is the product. */
export async function preparePlan(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const known = plans.get(session) ?? new Map<string, Promise<OwnershipPlan>>();
  plans.set(session, known);
  const key = JSON.stringify([inputs, state]);
  let plan = known.get(key);
  if (!plan) {
    plan = makePlan(session, inputs, state);
    known.set(key, plan);
    plan.catch(() => known.delete(key));
  }
  return plan;
}

/**
 * The plan where Datadog can be asked; otherwise a note that only the rules were compared.
 * @returns undefined without keys or permission
 */
export async function preparePlanIfAllowed(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan | undefined> {
  try {
    return await preparePlan(session, inputs, state);
  } catch (error) {
    if (!(error instanceof MissingCredentialsError || error instanceof PermissionError)) throw error;
    session.print(
      `${labelOf(inputs)}: only the rules are compared, not the findings behind them: ${error.message}`,
    );
    return undefined;
  }
}

export function labelOf({ resourceName }: OwnershipInputs): string {
  return resourceName ?? "FindingsOwnership";
}

async function makePlan(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const { spec } = inputs;
  session.ownerships.declare(inputs);
  const stored = storedOwners(state);
  const lastKnown = await Promise.all(
    spec.rules.map(
      ({ assignee }) => stored.get(assignee.toLowerCase()) ?? session.assignees.resolve(assignee),
    ),
  );
  let plan = await planOwnership(session, inputs, lastKnown, state);
  // Something will be sent, so names are resolved anew: an e-mail may have passed to another user.
  if (plan.total.count > 0) {
    const current = await resolveBusy(session, spec, plan);
    if (current.some((ownerId, index) => ownerId !== lastKnown[index])) {
      plan = await planOwnership(session, inputs, current, state);
    }
  }
  session.ownerships.declare(
    inputs,
    plan.rules.map(({ ownerId }) => ownerId),
  );
  for (const line of describePlan(labelOf(inputs), spec, plan)) session.print(line);
  return plan;
}

function resolveBusy(session: Session, spec: OwnershipSpec, plan: OwnershipPlan): Promise<string[]> {
  return Promise.all(
    plan.rules.map(({ pending, ownerId }, index) => {
      const assignee = spec.rules[index]?.assignee ?? ownerId;
      return pending.length > 0 ? session.assignees.resolve(assignee) : ownerId;
    }),
  );
}

/** UUIDs of the last deployment, by name. */
function storedOwners(state: OwnershipState | undefined): Map<string, string> {
  const ids = new Map(state?.results.map(({ name, assigneeId }) => [name, assigneeId]));
  return new Map(
    (state?.spec.rules ?? []).flatMap(({ name, assignee }) => {
      const id = ids.get(name);
      return id === undefined ? [] : [[assignee.toLowerCase(), id]];
    }),
  );
}
