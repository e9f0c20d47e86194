import { MissingCredentialsError } from "../../datadog/errors/missingCredentialsError";
import { PermissionError } from "../../datadog/errors/permissionError";
import type { Session } from "../session";
import { resolveOwner } from "./checkOwners";
import { describePlan } from "./describePlan";
import type { OwnershipInputs } from "./ownershipInputs";
import { type OwnershipPlan, planOwnership } from "./ownershipPlan";
import type { OwnershipState } from "./ownershipState";
import { nameRefusedQueries } from "./refusedQueries";

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
    plan = makePlan(session, inputs, state).catch(async (error: unknown) => {
      throw await nameRefusedQueries(session, inputs.spec, error);
    });
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
      ({ name, assignee }, index) =>
        stored.get(assignee.toLowerCase()) ?? resolveOwner(session, index, name, assignee),
    ),
  );
  let plan = await planOwnership(session, inputs, lastKnown, state);
  // Something will be sent, so names are resolved anew: an e-mail may have passed to another user.
  if (plan.total.count > 0) {
    const current = await resolveBusy(session, plan);
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

function resolveBusy(session: Session, plan: OwnershipPlan): Promise<string[]> {
  return Promise.all(
    plan.rules.map(({ name, assignee, pending, ownerId }, index) =>
      pending.length > 0 ? resolveOwner(session, index, name, assignee) : ownerId,
    ),
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
