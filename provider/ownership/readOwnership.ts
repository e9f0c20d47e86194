import { findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { PermissionError } from "../datadog/errors/permissionError";
import { RequestError } from "../datadog/errors/requestError";
import { ROTATED_KEYS } from "../messages/advise";
import { firstTen } from "../messages/messages";
import { allOf } from "../query/combineQueries";
import { ownedBy } from "../query/findingQueries";
import { ownersKey, ruleOwners } from "../rules/declaredOwners";
import { isNobody, onlyUser, type RuleOwners } from "../rules/ruleOwners";
import { labelOf } from "../session/declaredOwnerships";
import { findRecipients } from "../session/findOwners";
import type { Session } from "../session/session";
import { type StaleOwner, staleOwner } from "../session/staleOwner";
import {
  givenOnCall,
  lastVersion,
  type OwnershipState,
  parseOwnershipState,
  storeOwnershipState,
} from "./ownershipState";
import { verifyAccount } from "./verifyAccount";

type Props = Record<string, unknown>;

/** An owner as declared, and the UUIDs whom the last deployment took that for. */
interface KnownOwner {
  readonly owners: RuleOwners;
  readonly assignee: string;
  readonly ownerIds: readonly string[];
  readonly ruleNames: readonly string[];
}

/** What a refresh has found out about the owners of rules. */
interface Reading {
  /** What is wrong, and how many findings that is about. */
  readonly warning: string;
  /** Names of the rules whose e-mail or handle belongs to another user by now. */
  readonly movedRules?: readonly string[];
  /** UUIDs of those who got findings while on call, and are disabled by now. */
  readonly left?: readonly string[];
}

/**
 * The state holds rules and no findings, so there is nothing that could drift: the diff asks Datadog. What a
 * refresh looks at are the owners: one look-up for each, and for each team its handle; one for each user who
 * got findings while on call and is no member; and one search for each who cannot be given findings any more.
 * @returns id and properties, in which the next diff sees what has changed: in the place of a name that has
 * passed to another user they have the former user's UUID, of a handle the present team, and nobody who has
 * left among those who were on call
 */
export async function readOwnership(
  session: Session,
  id: string,
  props: Props,
): Promise<{ id: string; props: Props }> {
  const state = parseOwnershipState(props);
  const label = labelOf(state);
  session.refreshed.noteRead("ownership", state.resourceName);
  session.directory.know(state.teams);
  try {
    await verifyAccount(session, state);
    await Promise.all(Object.keys(state.teams).map((handle) => session.directory.confirm(handle)));
    const all = await Promise.all(knownOwners(state).map((owner) => readOwner(session, state, owner)));
    const readings = all.flat();
    const teams = { ...state.teams, ...session.directory.teams(Object.keys(state.teams)) };
    const moved = Object.keys(teams).filter((handle) => teams[handle] !== state.teams[handle]);
    for (const { warning } of readings) session.print(`${label}: warning: ${warning}`);
    for (const handle of moved) {
      session.print(
        `${label}: warning: the handle "${handle}" belongs to another team now; the next pulumi up gives the findings to its members`,
      );
    }
    const hasChanged = moved.length > 0 || readings.some(({ movedRules, left }) => movedRules ?? left);
    return { id, props: hasChanged ? propsAfter(props, { ...state, teams }, readings) : props };
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

/** @returns nothing where nothing is wrong */
async function readOwner(session: Session, state: OwnershipState, owner: KnownOwner): Promise<Reading[]> {
  const { owners, assignee, ownerIds, ruleNames } = owner;
  const { scope } = state.spec;
  const rules = `${ruleNames.length === 1 ? "rule" : "rules"} ${ruleNames.map((name) => `"${name}"`).join(", ")}`;
  const stale =
    onlyUser(owners) !== undefined
      ? await staleOwner(session, assignee, ownerIds)
      : await problemOfOwners(session, owners);
  const left = await leftOnCall(session, givenOnCall(state, owners));
  const readings: Reading[] = [];
  if (stale) {
    const former = ownerIds.length === 1 ? "the owner" : "owners";
    const still =
      ownerIds.length === 0
        ? ""
        : `; ${await heldBy(session, scope, ownerIds)} ${former} of the last deployment`;
    const warning = `${rules}: ${stale.problem}${still}`;
    readings.push({ warning, ...(stale.hasMoved && { movedRules: ruleNames }) });
  }
  if (left.length > 0) {
    const names = firstTen(left.map((id) => session.users.label({ id })));
    const warning =
      `${rules}: ${names} got findings while on call, and ${left.length === 1 ? "is" : "are"} disabled in Datadog now; ` +
      `${await heldBy(session, scope, left)} ${left.length === 1 ? "that user" : "those users"}; ` +
      "the next pulumi up gives those that these rules assigned to whoever is on call then";
    readings.push({ warning, left });
  }
  return readings;
}

/** Who of those who were on call is disabled by now. */
async function leftOnCall({ directory, users }: Session, given: readonly string[]): Promise<string[]> {
  await directory.recognise(given);
  return given.filter((id) => users.isDisabled(id));
}

/** `12 findings in scope still belong to`, without whom. */
async function heldBy(
  { api, cancelled: signal }: Session,
  scope: string | undefined,
  ownerIds: readonly string[],
): Promise<string> {
  const query = allOf(scope ?? "", ownedBy(ownerIds).text);
  const { findings, cursor } = await api.search({ query, limit: 100, signal });
  const belong = findings.length === 1 && !cursor ? "belongs" : "belong";
  return `${findingsOf(findings.length, cursor !== undefined)} in scope still ${belong} to`;
}

function propsAfter(props: Props, state: OwnershipState, readings: readonly Reading[]): Props {
  const moved = new Set(readings.flatMap(({ movedRules = [] }) => movedRules));
  const left = new Set(readings.flatMap((reading) => reading.left ?? []));
  const { rules: deployed } = lastVersion(state);
  const rules = state.spec.rules.map((rule, index) => {
    const [former] = deployed[index]?.ownerIds ?? [];
    if (!moved.has(rule.name) || former === undefined) return rule;
    return { ...rule, owners: ruleOwners({ assignee: former }) };
  });
  const given = Object.entries(state.given).flatMap(([handle, ids]) => {
    const active = ids.filter((id) => !left.has(id));
    return active.length > 0 ? [[handle, active] as const] : [];
  });
  const next = { ...state, spec: { ...state.spec, rules }, given: Object.fromEntries(given) };
  const stored = Object.entries(storeOwnershipState(next)).filter(([name]) => CHANGED.includes(name));
  const others = Object.entries(props).filter(([name]) => !CHANGED.includes(name));
  return Object.fromEntries([...others, ...stored]);
}

/** The outputs that a refresh may change. */
const CHANGED = ["rules", "teams", "given"];

/** Who of several owners cannot be given findings. */
async function problemOfOwners(session: Session, owners: RuleOwners): Promise<StaleOwner | undefined> {
  const { failure, passedOver } = await findRecipients(session.directory, owners);
  if (failure !== undefined) return { problem: failure, hasMoved: false };
  if (passedOver.length === 0) return undefined;
  return { problem: `${passedOver.join("; ")}; the other owners get its findings`, hasMoved: false };
}
