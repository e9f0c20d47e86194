import { FORGET, UNPROVEN_ORGANISATION } from "../messages/advise";
import { heldQueries } from "../rules/heldQueries";
import { labelOf } from "../session/declaredOwnerships";
import { proveAccount } from "../session/proveAccount";
import type { Session } from "../session/session";
import { lastVersion, type OwnershipState } from "./ownershipState";

/**
 * Asks whether the rules of a state were deployed to the configured organisation. No request where host and
 * API key are the same.
 * @throws OtherOrganisationError
 */
export async function verifyAccount(session: Session, state: OwnershipState): Promise<void> {
  const ownerId = ownerIn(state);
  if (ownerId === undefined) return;
  await session.account.verify(labelOf(state), state.account, ownerId, session.cancelled);
}

/**
 * The same before rules are compared, which may need no change: where only the search can tell, it is asked
 * for one finding that they gave away, in each query.
 */
export async function proveAccountOfRules(session: Session, state: OwnershipState): Promise<void> {
  const ownerId = ownerIn(state);
  if (ownerId === undefined) return;
  const isShown = async () => {
    if (state.assignedAt === undefined) return undefined;
    for (const query of [lastVersion(state), ...state.former].flatMap((version) => heldQueries(version))) {
      const { findings } = await session.api.search({ query, limit: 1, signal: session.cancelled });
      if (findings.length > 0) return true;
    }
    return false;
  };
  await proveAccount(session, { label: labelOf(state), account: state.account, ownerId, isShown });
}

/**
 * The same for the case that the search shows nothing of what the rules gave away: another organisation has
 * nothing of it either.
 * @throws OtherOrganisationError, and an Error where it is not certain that it is the same organisation
 */
export async function verifyAccountOfNothing(session: Session, state: OwnershipState): Promise<void> {
  const ownerId = ownerIn(state);
  if (ownerId === undefined) return;
  const label = labelOf(state);
  if (await session.account.verifyOwner(label, state.account, ownerId, session.cancelled)) return;
  const { detail, advice } = UNPROVEN_ORGANISATION;
  throw new Error(`${label}: nothing was released: ${detail}; ${advice}; ${FORGET}`);
}

/** One to whom any version of the rules has given something, or may have. */
function ownerIn(state: OwnershipState): string | undefined {
  const versions = [lastVersion(state), ...state.former];
  return versions.flatMap(({ rules }) => rules).flatMap(({ ownerIds }) => ownerIds)[0];
}
