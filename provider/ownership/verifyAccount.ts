import { FORGET, UNPROVEN_ORGANISATION } from "../messages/advise";
import { labelOf } from "../session/declaredOwnerships";
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
