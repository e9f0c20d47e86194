import type { Session } from "../session/session";
import { lastVersion, type OwnershipState } from "./ownershipState";

/**
 * Asks whether the rules of a state were deployed to the configured organisation. No request where host and
 * API key are the same.
 * @throws OtherOrganisationError
 */
export async function verifyAccount(session: Session, state: OwnershipState): Promise<void> {
  const [ownerId] = lastVersion(state).rules.flatMap(({ ownerIds }) => ownerIds);
  if (ownerId === undefined) return;
  const label = state.resourceName ?? "FindingsOwnership";
  await session.account.verify(label, state.account, ownerId, session.cancelled);
}
