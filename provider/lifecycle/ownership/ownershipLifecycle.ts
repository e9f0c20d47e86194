import { isDeepStrictEqual } from "node:util";
import { type Day, dayOf } from "../../core/day";
import type { OwnershipSpec } from "../../core/ownership/rule";
import type { CheckResult } from "../checkAssignment";
import type { Session } from "../session";
import { containsUnknown } from "../unknown";
import { applyOwnership } from "./applyOwnership";
import { checkOwners } from "./checkOwners";
import { lagOf } from "./givenLately";
import { checkOwnershipInputs, parseOwnershipInputs } from "./ownershipInputs";
import { parseOwnershipState } from "./ownershipState";
import { preparePlanIfAllowed } from "./preparePlan";
import { RuleError } from "./ruleError";

type Props = Readonly<Record<string, unknown>>;

/**
 * Checks the rules and their owners. A resource that does not exist yet gets no diff, so its plan is made, and shown, here.
 * @param olds the inputs of the last deployment
 */
export async function checkOwnership(session: Session, olds: Props, news: Props): Promise<CheckResult> {
  const { failures, warnings, normalised, unknown } = checkOwnershipInputs(news, todayOf(session));
  for (const warning of warnings) session.print(`${nameOf(news)}: warning: ${warning}`);
  if (failures.length > 0) return { inputs: normalised, failures: [...failures] };
  if (unknown.length > 0) {
    const verb = unknown.length === 1 ? "is" : "are";
    session.print(
      `${nameOf(news)}: pulumi up makes the plan, since ${unknown.join(", ")} ${verb} not known yet`,
    );
    return { inputs: normalised, failures: [] };
  }
  const inputs = parseOwnershipInputs(normalised, todayOf(session));
  session.ownerships.declare(inputs);
  try {
    await checkOwners(session, olds, inputs.spec);
    if (Object.keys(olds).length === 0) await preparePlanIfAllowed(session, inputs, undefined);
  } catch (error) {
    if (error instanceof RuleError) return { inputs: normalised, failures: [...error.failures] };
    throw error;
  }
  return { inputs: normalised, failures: [] };
}

/**
 * Changed if the declaration is, if an earlier failure is open, or if findings are not as declared; and once after what a
 * deployment kept in mind until the search shows everything.
 */
export async function diffOwnership(
  session: Session,
  olds: Props,
  news: Props,
): Promise<{ changes: boolean }> {
  if (containsUnknown(news)) return { changes: true };
  const inputs = parseOwnershipInputs(news, todayOf(session));
  const state = parseOwnershipState(olds);
  const plan = await preparePlanIfAllowed(session, inputs, state);
  const seen = state.former.length > 0 && lagOf(session, state) === undefined;
  return {
    changes:
      !isDeepStrictEqual(declarationOf(inputs), declarationOf(state)) ||
      state.failures.length > 0 ||
      seen ||
      (plan?.total.count ?? 0) > 0,
  };
}

export async function createOwnership(
  session: Session,
  news: Props,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  const id = session.uuid();
  const inputs = parseOwnershipInputs(news, todayOf(session));
  return { id, outs: await applyOwnership(session, id, inputs, undefined, news.__provider) };
}

export async function updateOwnership(
  session: Session,
  id: string,
  olds: Props,
  news: Props,
): Promise<{ outs: Record<string, unknown> }> {
  const inputs = parseOwnershipInputs(news, todayOf(session));
  return { outs: await applyOwnership(session, id, inputs, parseOwnershipState(olds), news.__provider) };
}

/** The state holds rules and no findings, so there is nothing that could drift: the diff asks Datadog. */
export async function readOwnership(
  id: string,
  props: Record<string, unknown>,
): Promise<{ id: string; props: Record<string, unknown> }> {
  return { id, props };
}

function todayOf({ clock }: Session): Day {
  return dayOf(clock.now());
}

function nameOf({ resourceName }: Props): string {
  return typeof resourceName === "string" ? resourceName : "FindingsOwnership";
}

/** What a deployment depends on: notes are for reviewers, and an absent property is the same as an undefined one. */
function declarationOf({ spec }: { readonly spec: OwnershipSpec }): unknown {
  return JSON.parse(JSON.stringify({ ...spec, rules: spec.rules.map(({ note, ...rule }) => rule) }));
}
