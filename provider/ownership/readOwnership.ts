import { findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { PermissionError } from "../datadog/errors/permissionError";
import { RequestError } from "../datadog/errors/requestError";
import { ROTATED_KEYS } from "../messages/advise";
import { allOf } from "../query/combineQueries";
import { ownersKey, ruleOwners } from "../rules/declaredOwners";
import { ownedBy } from "../rules/ownerQueries";
import { isNobody, onlyUser, type RuleOwners } from "../rules/ruleOwners";
import { findRecipients } from "../session/findOwners";
import type { Session } from "../session/session";
import { type StaleOwner, staleOwner } from "../session/staleOwner";
import { lastVersion, type OwnershipState, parseOwnershipState, storeOwnershipState } from "./ownershipState";
import { verifyAccount } from "./verifyAccount";

type Props = Record<string, unknown>;

/** An owner as declared, and the UUIDs whom the last deployment took that for. */
interface KnownOwner {
  readonly owners: RuleOwners;
  readonly assignee: string;
  readonly ownerIds: readonly string[];
  readonly ruleNames: readonly string[];
}

/** What a refresh has found out about an owner. */
interface Reading {
  /** What is wrong, and how many findings that is about. */
  readonly warning: string;
  /** Names of the rules whose e-mail or handle belongs to another user by now. */
  readonly movedRules: readonly string[];
}

/**
 * The state holds rules and no findings, so there is nothing that could drift: the diff asks Datadog. What a
 * refresh looks at are the owners: one look-up for each, and one search for each who cannot be given findings
 * any more.
 * @returns id and properties; a name that has passed to another user is the former user's UUID in them, so
 * that the next diff sees a new owner
 */
export async function readOwnership(
  session: Session,
  id: string,
  props: Props,
): Promise<{ id: string; props: Props }> {
  const state = parseOwnershipState(props);
  const label = state.resourceName ?? "FindingsOwnership";
  session.refreshed.noteRead("ownership", state.resourceName);
  session.directory.know(state.teams);
  try {
    await verifyAccount(session, state);
    const all = await Promise.all(knownOwners(state).map((owner) => readOwner(session, state, owner)));
    const readings = all.filter((reading) => reading !== undefined);
    for (const { warning } of readings) session.print(`${label}: warning: ${warning}`);
    return { id, props: propsAfter(props, state, readings) };
  } catch (error) {
    if (!(error instanceof RequestError || error instanceof MissingCredentialsError)) throw error;
    const why = error instanceof PermissionError ? `${error.message}; ${ROTATED_KEYS}` : error.message;
    session.print(`${label}: cannot tell whether the owners of the rules are still active: ${why}`);
  }
  return { id, props };
}

function knownOwners(state: OwnershipState): KnownOwner[] {
  const { rules } = lastVersion(state);
  const known = state.spec.rules.map(({ name, owners, assignee }, index) => ({
    name,
    owners,
    assignee,
    ownerIds: rules[index]?.ownerIds ?? [],
  }));
  return [...groupBy(known, ({ owners }) => ownersKey(owners)).values()].flatMap((group) => {
    const [first] = group;
    if (!first || isNobody(first.owners)) return [];
    const ownerIds = [...new Set(group.flatMap((each) => each.ownerIds))];
    return [{ ...first, ownerIds, ruleNames: group.map(({ name }) => name) }];
  });
}

/** @returns undefined where nothing is wrong */
async function readOwner(
  session: Session,
  { spec }: OwnershipState,
  { owners, assignee, ownerIds, ruleNames }: KnownOwner,
): Promise<Reading | undefined> {
  const isUser = onlyUser(owners) !== undefined;
  const stale = isUser
    ? await staleOwner(session, assignee, ownerIds)
    : await problemOfOwners(session, owners);
  if (stale === undefined) return undefined;
  const { problem, hasMoved } = stale;
  const movedRules = hasMoved ? ruleNames : [];
  const rules = `${ruleNames.length === 1 ? "rule" : "rules"} ${ruleNames.map((name) => `"${name}"`).join(", ")}`;
  if (ownerIds.length === 0) return { warning: `${rules}: ${problem}`, movedRules };
  const query = allOf(spec.scope ?? "", ownedBy(ownerIds).text);
  const { findings, cursor } = await session.api.search({ query, limit: 100, signal: session.cancelled });
  const held = findingsOf(findings.length, cursor !== undefined);
  const are = findings.length === 1 && !cursor ? "is" : "are";
  const warning = `${rules}: ${problem}; ${held} in scope ${are} still with the owner of the last deployment`;
  return { warning, movedRules };
}

function propsAfter(props: Props, state: OwnershipState, readings: readonly Reading[]): Props {
  const moved = new Set(readings.flatMap(({ movedRules }) => movedRules));
  if (moved.size === 0) return props;
  const { rules: deployed } = lastVersion(state);
  const rules = state.spec.rules.map((rule, index) => {
    const [former] = deployed[index]?.ownerIds ?? [];
    if (!moved.has(rule.name) || former === undefined) return rule;
    return { ...rule, owners: ruleOwners({ assignee: former }) };
  });
  return { ...props, rules: storeOwnershipState({ ...state, spec: { ...state.spec, rules } })["rules"] };
}

/** Who of several owners cannot be given findings. */
async function problemOfOwners(session: Session, owners: RuleOwners): Promise<StaleOwner | undefined> {
  const { failure, passedOver } = await findRecipients(session.directory, owners);
  if (failure !== undefined) return { problem: failure, hasMoved: false };
  if (passedOver.length === 0) return undefined;
  return { problem: `${passedOver.join("; ")}: the others get its findings`, hasMoved: false };
}
