import { groupBy } from "../core/groupBy";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { PermissionError } from "../datadog/errors/permissionError";
import { type RuleOwner, resolveOwner } from "../session/resolveOwner";
import type { Session } from "../session/session";
import { findSuccessors } from "../transfer/findSuccessors";
import { describePlan } from "./describePlan";
import type { OwnershipInputs } from "./ownershipInputs";
import { planOwnership } from "./ownershipPlan";
import { ownershipPlans } from "./ownershipPlans";
import { lastVersion, type OwnershipState } from "./ownershipState";
import type { OwnershipPlan } from "./plannedOwnership";
import { nameRefusedQueries } from "./refusedQueries";

/** The plan, made once a process for the same rules, and printed then: the preview is the product. */
export function preparePlan(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const key = JSON.stringify([inputs, state]);
  return session.shared.get(ownershipPlans).prepare(key, inputs, () =>
    makePlan(session, inputs, state).catch(async (error: unknown) => {
      throw await nameRefusedQueries(session, inputs.spec, error);
    }),
  );
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
      `${labelOf(inputs)}: ${error.message}; only the rules are compared, not the findings behind them`,
    );
    return undefined;
  }
}

export function labelOf({ resourceName }: Pick<OwnershipInputs, "resourceName">): string {
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
    spec.rules.map(({ assignee }) => stored.get(assignee.toLowerCase()) ?? resolveOwner(session, assignee)),
  );
  let plan = await planOwnership(session, inputs, lastKnown, state);
  // Something will be sent, so names are resolved anew: an e-mail may have passed to another user, or nobody has it.
  if (plan.total.count > 0) {
    const current = await ownersOfBusy(session, plan, lastKnown);
    if (current.some((owner, index) => owner !== lastKnown[index])) {
      plan = await planOwnership(session, inputs, current, state);
    }
  }
  session.ownerships.declare(
    inputs,
    plan.rules.map(({ ownerIds }) => ownerIds),
  );
  const counted = await countChanges(session, inputs, plan);
  for (const line of describePlan(labelOf(inputs), spec, counted)) session.print(line);
  return counted;
}

/**
 * Counts with the changes of a plan what has gone over to its rules before, and with those of other rules what goes over to them.
 */
async function countChanges(
  session: Session,
  inputs: OwnershipInputs,
  plan: OwnershipPlan,
): Promise<OwnershipPlan> {
  const { rules, incoming, leftovers } = plan;
  const released = inputs.spec.releaseRemoved ? leftovers.flatMap(({ findings }) => findings) : [];
  const assigned = [
    ...rules.map(({ pending }) => pending),
    ...incoming.map(({ findings }) => findings),
  ].flat();
  const count = session.ownerships.countChanges(
    inputs,
    [...assigned, ...released].map(({ id }) => id),
  );
  const successors = await findSuccessors(session, released);
  const bySuccessor = groupBy(released, ({ id }) => successors.get(id));
  const outgoing = [...bySuccessor].flatMap(([successor, findings]) => {
    if (!successor) return [];
    const moving = findings.filter(({ assignee }) => assignee?.id !== successor.ownerId).map(({ id }) => id);
    session.ownerships.countChanges(successor.declaration, moving);
    return [{ successor, count: findings.length }];
  });
  return { ...plan, total: { ...plan.total, count }, outgoing };
}

/** What the last known owner of a rule has stays right, also where that user can be given nothing more. */
function ownersOfBusy(
  session: Session,
  plan: OwnershipPlan,
  lastKnown: readonly RuleOwner[],
): Promise<RuleOwner[]> {
  return Promise.all(
    plan.rules.map(async ({ assignee, pending, ownerIds }, index) => {
      const last = lastKnown[index] ?? { ownerIds: [...ownerIds], problem: undefined };
      if (pending.length === 0) return last;
      const current = await resolveOwner(session, assignee);
      if (current.problem !== undefined) return { ownerIds: last.ownerIds, problem: current.problem };
      return current.ownerIds.join() === last.ownerIds.join() ? last : current;
    }),
  );
}

/** UUIDs of the last deployment, by name; without those of whom nobody was found. */
function storedOwners(state: OwnershipState | undefined): Map<string, RuleOwner> {
  if (!state) return new Map();
  const { rules } = lastVersion(state);
  return new Map(
    state.spec.rules.flatMap(({ assignee }, index) => {
      const ownerIds = rules[index]?.ownerIds ?? [];
      return ownerIds.length === 0
        ? []
        : [[assignee.toLowerCase(), { ownerIds: [...ownerIds], problem: undefined }]];
    }),
  );
}
