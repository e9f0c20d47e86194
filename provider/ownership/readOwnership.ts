import { findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { PermissionError } from "../datadog/errors/permissionError";
import { RequestError } from "../datadog/errors/requestError";
import { ROTATED_KEYS } from "../messages/advise";
import { allOf } from "../query/combineQueries";
import { ownersKey } from "../rules/declaredOwners";
import { ownedBy } from "../rules/ownerQueries";
import { isNobody, onlyUser, type RuleOwners } from "../rules/ruleOwners";
import { findRecipients } from "../session/findOwners";
import type { Session } from "../session/session";
import { staleOwner } from "../session/staleOwner";
import { lastVersion, type OwnershipState, parseOwnershipState } from "./ownershipState";

import { verifyAccount } from "./verifyAccount";

type Props = Record<string, unknown>;

/** An owner as declared, and the UUIDs whom the last deployment took that for. */
interface KnownOwner {
  readonly owners: RuleOwners;
  readonly assignee: string;
  readonly ownerIds: readonly string[];
  readonly ruleNames: readonly string[];
}

/**
 * The state holds rules and no findings, so there is nothing that could drift: the diff asks Datadog. What a
 * refresh looks at are the owners: one look-up for each, and one search for each who cannot be given findings
 * any more.
 * @returns id and properties, unchanged
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
    const warnings = await Promise.all(knownOwners(state).map((owner) => warningOf(session, state, owner)));
    for (const warning of warnings) if (warning !== undefined) session.print(`${label}: warning: ${warning}`);
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

/** What is wrong with an owner and how many findings that is about; undefined: nothing is wrong. */
async function warningOf(
  session: Session,
  { spec }: OwnershipState,
  { owners, assignee, ownerIds, ruleNames }: KnownOwner,
): Promise<string | undefined> {
  const isUser = onlyUser(owners) !== undefined;
  const problem = isUser
    ? await staleOwner(session, assignee, ownerIds)
    : await problemOfOwners(session, owners);
  if (problem === undefined) return undefined;
  const rules = `${ruleNames.length === 1 ? "rule" : "rules"} ${ruleNames.map((name) => `"${name}"`).join(", ")}`;
  if (ownerIds.length === 0) return `${rules}: ${problem}`;
  const query = allOf(spec.scope ?? "", ownedBy(ownerIds).text);
  const { findings, cursor } = await session.api.search({ query, limit: 100, signal: session.cancelled });
  const held = findingsOf(findings.length, cursor !== undefined);
  return `${rules}: ${problem}; ${held} in scope ${findings.length === 1 && !cursor ? "is" : "are"} still with the owner of the last deployment`;
}

/** Who of several owners cannot be given findings. */
async function problemOfOwners(session: Session, owners: RuleOwners): Promise<string | undefined> {
  const { failure, passedOver } = await findRecipients(session.directory, owners);
  if (failure !== undefined) return failure;
  return passedOver.length > 0 ? `${passedOver.join("; ")}: the others get its findings` : undefined;
}
