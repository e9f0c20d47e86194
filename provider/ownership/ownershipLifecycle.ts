import { isDeepStrictEqual } from "node:util";
import type { CheckResult } from "../engine/checkFailures";
import { nameIn } from "../engine/nameIn";
import { containsUnknown } from "../engine/unknown";
import type { OwnershipSpec } from "../rules/rule";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { applyOwnership } from "./applyOwnership";
import { checkOwnershipInputs, type OwnershipInputs, parseOwnershipInputs } from "./ownershipInputs";
import { type OwnershipState, ownersIn, parseOwnershipState } from "./ownershipState";
import type { OwnershipPlan } from "./plannedOwnership";
import { preparePlanIfAllowed } from "./preparePlan";
import { refuseOverlaps } from "./refuseOverlaps";
import { refuseTooMany } from "./refuseTooMany";
import { RuleError } from "./ruleError";
import { proveAccountOfRules } from "./verifyAccount";

type Props = Readonly<Record<string, unknown>>;

/**
 * Checks the rules and their owners. A resource that does not exist yet gets no diff, so its plan is made,
 * and shown, here; one with more changes than the rules allow fails, so that a preview does.
 * @param olds the inputs of the last deployment
 */
export async function checkOwnership(session: Session, olds: Props, news: Props): Promise<CheckResult> {
  session.refreshed.noteCheck("ownership", nameIn(news));
  const { failures, warnings, normalised, unknown } = checkOwnershipInputs(news, session.today);
  const isNew = Object.keys(olds).length === 0;
  if (failures.length > 0 || unknown.length > 0) printWarnings(session, news, warnings);
  if (failures.length > 0) return { inputs: normalised, failures: [...failures] };
  if (unknown.length > 0) {
    const verb = unknown.length === 1 ? "is" : "are";
    session.print(
      `${nameOf(news)}: pulumi up makes the plan, since ${unknown.join(", ")} ${verb} not known yet`,
    );
    return { inputs: normalised, failures: [] };
  }
  const inputs = parseOwnershipInputs(normalised, session.today);
  session.ownerships.declare(inputs);
  try {
    if (isNew) {
      const plan = await planIfAllowed(session, inputs, undefined);
      printWarnings(session, news, warnings);
      if (plan) refuseTooMany(session, inputs, plan);
    }
  } catch (error) {
    if (error instanceof RuleError) return { inputs: normalised, failures: [...error.failures] };
    throw error;
  }
  return { inputs: normalised, failures: [] };
}

/**
 * Changed if the declaration is, if an earlier failure is open, if findings are not as declared, or if that
 * cannot be seen; and once after what a deployment kept in mind until the search shows everything.
 * @throws RuleError where more would change than the rules allow, in a preview as in an `up`: the engine
 * calls this only for what it is to deploy. A refresh goes on.
 */
export async function diffOwnership(
  ofProgram: Session,
  olds: Props,
  news: Props,
): Promise<{ changes: boolean }> {
  const state = parseOwnershipState(olds);
  const isOfRefresh = ofProgram.refreshed.isOfRefresh("ownership", state.resourceName, nameIn(news));
  const session = isOfRefresh ? ofProgram.ofRefresh() : ofProgram;
  await proveAccountOfRules(session, state);
  if (containsUnknown(news)) return { changes: true };
  const inputs = parseOwnershipInputs(news, session.today);
  const isDeployed =
    state.failures.length === 0 && isDeepStrictEqual(declarationOf(inputs), declarationOf(state));
  const plan = isOfRefresh
    ? await preparePlanIfAllowed(session, inputs, state, { isRefresh: true })
    : await planIfAllowed(session, inputs, state);
  printWarnings(session, news, checkOwnershipInputs(news, session.today).warnings);
  if (plan && !isOfRefresh) refuseTooMany(session, inputs, plan);
  const seen =
    plan !== undefined &&
    state.former.some(({ openUntil }) => openUntil !== undefined && openUntil <= plan.answeredAt);
  // Findings may wait for their owners, and nobody can see them: an update fails, with the reason.
  const isBlind = plan === undefined && !isOfRefresh;
  const changes =
    !isDeployed ||
    isBlind ||
    seen ||
    hasUnknownOwners(session, inputs, state) ||
    (plan !== undefined && hasWork(plan, inputs));
  if (!changes) session.ownerships.noteStored(inputs, ownersIn(state));
  return { changes };
}

/** Whether other resources have handed findings over to users whom the state does not know. */
function hasUnknownOwners(session: Session, inputs: OwnershipInputs, state: OwnershipState): boolean {
  const stored = ownersIn(state);
  return inputs.spec.rules.some(({ name }, index) =>
    session.ownerships.admitted(inputs, name).some((id) => stored[index]?.includes(id) === false),
  );
}

/** Whether something is to be sent, or cannot be. What comes from other resources is sent by these. */
function hasWork({ rules, leftovers }: OwnershipPlan, { spec }: OwnershipInputs): boolean {
  return (
    rules.some(({ pending, blocked }) => pending.length > 0 || blocked.length > 0) ||
    (spec.releaseRemoved && leftovers.length > 0)
  );
}

/**
 * The plan where Datadog can be asked. @throws RuleError where other rules of the program give a finding to
 * somebody else
 */
async function planIfAllowed(
  session: Session,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<OwnershipPlan | undefined> {
  return session.ownerships.during(inputs, async () => {
    const plan = await preparePlanIfAllowed(session, inputs, state);
    if (plan) await refuseOverlaps(session, inputs, plan);
    return plan;
  });
}

export async function createOwnership(
  session: Session,
  news: Props,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  const id = session.uuid();
  const inputs = parseOwnershipInputs(news, session.today);
  const apply = () => applyOwnership(session, id, inputs, undefined, news.__provider);
  return { id, outs: await session.ownerships.during(inputs, apply) };
}

export async function updateOwnership(
  session: Session,
  id: string,
  olds: Props,
  news: Props,
): Promise<{ outs: Record<string, unknown> }> {
  const inputs = parseOwnershipInputs(news, session.today);
  const apply = () => applyOwnership(session, id, inputs, parseOwnershipState(olds), news.__provider);
  return { outs: await session.ownerships.during(inputs, apply) };
}

/** After the plan: where the keys are refused, that is the first line. */
function printWarnings(session: Session, news: Props, warnings: readonly string[]): void {
  for (const warning of warnings) session.print(`${nameOf(news)}: warning: ${warning}`);
}

function nameOf(props: Props): string {
  return labelOf({ resourceName: nameIn(props) });
}

/**
 * What a deployment depends on: notes are for reviewers, and an absent property is the same as an undefined
 * one.
 */
function declarationOf({ spec }: { readonly spec: OwnershipSpec }): unknown {
  return JSON.parse(JSON.stringify({ ...spec, rules: spec.rules.map(({ note, ...rule }) => rule) }));
}
