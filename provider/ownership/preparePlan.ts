import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { PermissionError } from "../datadog/errors/permissionError";
import type { OwnershipRule, OwnershipSpec } from "../rules/rule";
import { spreadFindings } from "../rules/spreadFindings";
import { type CountedChange, labelOf } from "../session/declaredOwnerships";
import {
  knownOwner,
  type LastOwner,
  type RuleOwner,
  resolveOwner,
  resolveRecipients,
} from "../session/resolveOwner";
import type { Session } from "../session/session";
import { findSuccessors } from "../transfer/findSuccessors";
import { type Transfer, tellTransfers } from "../transfer/tellTransfers";
import { describeDrift, describePlan } from "./describePlan";
import { findIdleRules } from "./findIdleRules";
import { lastOwnersOf } from "./lastOwners";
import type { OwnershipInputs } from "./ownershipInputs";
import { planOwnership } from "./ownershipPlan";
import { ownershipPlans } from "./ownershipPlans";
import type { OwnershipState } from "./ownershipState";
import type { OwnershipPlan } from "./plannedOwnership";
import { nameRefusedQueries } from "./refusedQueries";
import { ruleProblem } from "./ruleProblem";

interface PlanOptions {
  /**
   * Whether a refresh compares the rules of the last deployment. A plan of these is none of the program's,
   * and is not printed: after it `up --refresh` prints that one.
   */
  readonly isRefresh?: boolean;
}

/** The plan, made once a process for the same rules, and printed then: the preview is the product. */
export function preparePlan(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
  { isRefresh = false }: PlanOptions = {},
): Promise<OwnershipPlan> {
  const key = JSON.stringify([inputs, state]);
  return session.shared.get(ownershipPlans).prepare(key, inputs, () =>
    makePlan(session, inputs, state)
      .catch(async (error: unknown) => {
        throw await nameRefusedQueries(session, inputs.spec, error);
      })
      .then((plan) => {
        const label = labelOf(inputs);
        const lines = isRefresh
          ? describeDrift(label, plan)
          : describePlan(label, inputs.spec, plan, session.users);
        for (const line of lines) session.print(line);
        if (!isRefresh) tellTransfers(session, plan.transfers);
        return plan;
      }),
  );
}

/**
 * The plan where Datadog can be asked; otherwise a note with the reason.
 * @returns undefined without keys or permission
 */
export async function preparePlanIfAllowed(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
  { isRefresh = false }: PlanOptions = {},
): Promise<OwnershipPlan | undefined> {
  try {
    return await preparePlan(session, inputs, state, { isRefresh });
  } catch (error) {
    if (!(error instanceof MissingCredentialsError || error instanceof PermissionError)) throw error;
    const then = isRefresh
      ? "it is not known whether the findings still have their owners"
      : "pulumi up fails for the same reason";
    session.print(`${labelOf(inputs)}: warning: no plan can be made: ${error.message}; ${then}`);
    return undefined;
  }
}

async function makePlan(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const { spec } = inputs;
  session.ownerships.declare(inputs);
  const lastOf = lastOwnersOf(state);
  session.directory.know(state?.teams ?? {});
  let owners = await Promise.all(
    spec.rules.map((rule) => knownOwner(rule, lastOf(rule)) ?? resolveOwner(session, rule, lastOf(rule))),
  );
  let plan = await planOwnership(session, inputs, owners, state);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const current = await ownersOfBusy(session, spec, plan, owners, lastOf);
    const isSame = current.every((owner, index) => isSameOwner(owner, owners[index]));
    owners = current;
    if (isSame) break;
    plan = await planOwnership(session, inputs, owners, state);
  }
  owners = await ownersOfBusy(session, spec, plan, owners, lastOf);
  plan = withRecipients(plan, owners);
  session.ownerships.declare(
    inputs,
    plan.rules.map(({ ownerIds }) => ownerIds),
  );
  const idle = await findIdleRules(session, spec, plan, state);
  return countChanges(session, inputs, { ...plan, idle });
}

/**
 * Counts with the changes of a plan what has gone over to its rules before, and with those of other rules
 * what goes over to them.
 */
async function countChanges(
  session: Session,
  inputs: OwnershipInputs,
  plan: OwnershipPlan,
): Promise<OwnershipPlan> {
  const { rules, leftovers } = plan;
  const released = inputs.spec.releaseRemoved ? leftovers.flatMap(({ findings }) => findings) : [];
  const own: CountedChange[] = [
    ...released.map(({ id }) => [id, undefined] as const),
    ...rules.flatMap(({ recipients }) => [...recipients]),
  ];
  const incoming = await incomingChanges(session, inputs, plan);
  const counts = session.ownerships.countChanges(inputs, [...own, ...incoming.changes]);
  const label = labelOf(inputs);
  const outgoing: Transfer[] = [];
  const { found } = await findSuccessors(session, released);
  for (const { id, assignee } of released) {
    const successor = found.get(id);
    if (!successor) continue;
    outgoing.push({ findingId: id, label, successor });
    const { declaration, ownerId } = successor;
    if (assignee?.id !== ownerId) session.ownerships.countChanges(declaration, [[id, ownerId]]);
  }
  return {
    ...plan,
    own: new Map(own).size,
    total: { ...plan.total, count: counts.total },
    byOwner: counts.byOwner,
    transfers: [...incoming.transfers, ...outgoing],
  };
}

interface IncomingChanges {
  readonly changes: readonly CountedChange[];
  readonly transfers: readonly Transfer[];
}

/** Who gets what comes from other resources. One who cannot be found is told where it comes. */
async function incomingChanges(
  session: Session,
  declaration: OwnershipInputs,
  { incoming }: OwnershipPlan,
): Promise<IncomingChanges> {
  const each = incoming.map(async ({ ruleName, findings, from }): Promise<IncomingChanges> => {
    const rule = declaration.spec.rules.find(({ name }) => name === ruleName);
    const owner = rule && (await resolveRecipients(session, rule).catch(() => undefined));
    const ids = findings.map(({ id }) => id);
    if (!rule || !owner?.recipients || owner.recipients.length === 0) {
      return { changes: ids.map((id) => [id, undefined]), transfers: [] };
    }
    const successor = { declaration, ruleName, assignee: rule.assignee };
    return {
      changes: [...spreadFindings(ids, owner.recipients)],
      transfers: from.map((source) => ({ ...source, successor })),
    };
  });
  const all = await Promise.all(each);
  return {
    changes: all.flatMap(({ changes }) => changes),
    transfers: all.flatMap(({ transfers }) => transfers),
  };
}

/** How often owners are looked up anew since their findings are others: once is usual. */
const MOST_ROUNDS = 3;

/**
 * Something will be sent, so names are resolved anew: an e-mail may have passed to another user, another may
 * be on call.
 */
function ownersOfBusy(
  session: Session,
  spec: OwnershipSpec,
  plan: OwnershipPlan,
  owners: readonly RuleOwner[],
  lastOf: (rule: OwnershipRule) => LastOwner | undefined,
): Promise<RuleOwner[]> {
  return Promise.all(
    owners.map(async (owner, index) => {
      const rule = spec.rules[index];
      const isBusy = rule && (plan.rules[index]?.pending.length ?? 0) > 0;
      return isBusy && owner.problem === undefined ? resolveRecipients(session, rule, lastOf(rule)) : owner;
    }),
  );
}

function isSameOwner(one: RuleOwner, other: RuleOwner | undefined): boolean {
  return one.problem === other?.problem && one.ownerIds.join() === other?.ownerIds.join();
}

/** Says for each finding who gets it. What an owner of the rule is to get back goes to that one. */
function withRecipients(plan: OwnershipPlan, owners: readonly RuleOwner[]): OwnershipPlan {
  const rules = plan.rules.map((rule, index) => {
    const { recipients = [], passedOver = [], problem } = owners[index] ?? {};
    const ids = rule.pending.map(({ id }) => id);
    if (problem === undefined) {
      const back = rule.pending.flatMap(({ id, assignee }) =>
        assignee && rule.ownerIds.includes(assignee.id) ? [[id, assignee.id] as const] : [],
      );
      return { ...rule, passedOver, recipients: new Map([...spreadFindings(ids, recipients), ...back]) };
    }
    const blocked = ids.map((id) => ruleProblem(id, rule.name, problem));
    return { ...rule, pending: [], blocked: [...rule.blocked, ...blocked] };
  });
  return { ...plan, rules };
}
