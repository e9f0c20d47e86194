import { isUuid } from "../core/claims";
import { PermissionError } from "../datadog/errors/permissionError";
import type { DatadogUser } from "../datadog/model/findingsApi";
import type { OwnershipRule } from "../rules/rule";
import { handlesOf, isNobody, onlyUser } from "../rules/ruleOwners";
import type { Recipient } from "../rules/spreadFindings";
import { findRecipients, findRightOwners } from "./findOwners";
import type { OwnerUsers } from "./ownerDirectory";
import type { Session } from "./session";

/** Who the owners of a rule are. */
export interface RuleOwner {
  /**
   * UUIDs of those whose findings are as declared; empty: nobody could be found, or the rule leaves its
   * findings alone.
   */
  readonly ownerIds: readonly string[];
  /** Who gets the findings that are not as declared; undefined: not asked yet. */
  readonly recipients: readonly Recipient[] | undefined;
  /** Why nobody is the owner, and what to declare. */
  readonly problem: string | undefined;
  /** Why owners of the list do not count now. */
  readonly passedOver: readonly string[];
}

/** What the last deployment knew of the owners of a rule. */
export interface LastOwner {
  /** UUIDs; empty: nobody could be found. */
  readonly ownerIds: readonly string[];
  /** Who was given findings while on call, where these stay with them. */
  readonly given: readonly string[];
}

const NOT_DEPLOYED: LastOwner = { ownerIds: [], given: [] };
const LEFT_ALONE: RuleOwner = { ownerIds: [], recipients: [], problem: undefined, passedOver: [] };

type Rule = Pick<OwnershipRule, "owners">;

/**
 * Whose findings of a rule are right. Nobody, more than one user or a disabled one is no error here: only
 * that rule fails, and what the owners of the last deployment or the disabled one have stays right.
 */
export async function resolveOwner(
  session: Session,
  { owners }: Rule,
  last: LastOwner = NOT_DEPLOYED,
): Promise<RuleOwner> {
  if (isNobody(owners)) return LEFT_ALONE;
  const user = onlyUser(owners);
  if (user !== undefined) return resolveUser(session, user, last);
  const { recipients, failure, passedOver } = await findRightOwners(session.directory, owners);
  const given = last.given.filter((id) => !session.users.isDisabled(id));
  const right = failure === undefined ? recipients.map(({ userId }) => userId) : last.ownerIds;
  const ownerIds = [...new Set([...right, ...given])].sort();
  return { ownerIds, recipients: undefined, problem: failure, passedOver };
}

/** What is known of the owner without asking, where the rule names one user whom the last deployment knew. */
export function knownOwner({ owners }: Rule, last: LastOwner = NOT_DEPLOYED): RuleOwner | undefined {
  if (onlyUser(owners) === undefined || last.ownerIds.length === 0) return undefined;
  return { ...LEFT_ALONE, ownerIds: last.ownerIds, recipients: undefined };
}

/**
 * The owners of a rule that has findings to assign: names are looked up anew, since an e-mail or the handle
 * of a team may have passed to another, and schedules are asked who is on call.
 */
export async function resolveRecipients(session: Session, rule: Rule, last?: LastOwner): Promise<RuleOwner> {
  const { owners } = rule;
  const deployed = deployedUuid(rule, last);
  if (deployed !== undefined) return named([{ id: deployed }]);
  if (isNobody(owners) || onlyUser(owners) !== undefined) return resolveOwner(session, rule, last);
  await Promise.all(handlesOf(owners).map((handle) => session.directory.confirm(handle)));
  if (last) await session.directory.recognise(last.given);
  const right = await resolveOwner(session, rule, last);
  const { recipients, failure, passedOver } = await findRecipients(session.directory, owners);
  return { ...right, recipients, problem: failure ?? right.problem, passedOver };
}

async function resolveUser(session: Session, name: string, last: LastOwner): Promise<RuleOwner> {
  const { users, problem, disabledIds = [] } = await findNamed(session, name);
  if (problem) {
    const ownerIds = [...new Set([...last.ownerIds, ...disabledIds])];
    return { ...LEFT_ALONE, ownerIds, problem: problem.message };
  }
  return named(users);
}

function named(users: readonly { readonly id: string }[]): RuleOwner {
  const recipients = users.map(({ id: userId }) => ({ userId, weight: 1 }));
  return { ...LEFT_ALONE, ownerIds: users.map(({ id }) => id), recipients };
}

/** A UUID passes to nobody else: one that was looked up for an earlier deployment is not asked for again. */
function deployedUuid({ owners }: Rule, last: LastOwner = NOT_DEPLOYED): string | undefined {
  const name = onlyUser(owners)?.toLowerCase();
  return name !== undefined && isUuid(name) && last.ownerIds.includes(name) ? name : undefined;
}

interface NamedUsers extends Omit<OwnerUsers, "users"> {
  readonly users: readonly Pick<DatadogUser, "id">[];
}

/** Keys that may not look users up can still assign to a UUID. */
async function findNamed({ directory }: Session, name: string): Promise<NamedUsers> {
  try {
    return await directory.user(name);
  } catch (error) {
    if (!(error instanceof PermissionError && isUuid(name))) throw error;
    return { users: [{ id: name.toLowerCase() }], problem: undefined };
  }
}
