import { isUuid } from "../core/claims";
import type { Session } from "./session";
import { SessionKey } from "./sessionKey";

export interface StaleOwner {
  /** Why an owner of the last deployment cannot be, or is not, given findings any more. */
  readonly problem: string;
  /**
   * Whether the name belongs to another user by now. A refresh then stores the former user's UUID in the
   * place of the name, so that the next diff sees a new owner.
   */
  readonly hasMoved: boolean;
}

/** By what was asked. */
const staleOwners = new SessionKey(() => new Map<string, Promise<StaleOwner | undefined>>());

/**
 * Why an owner of the last deployment cannot be, or is not, given findings any more: one request for all
 * resources that name the owner, also where it fails.
 * @param assignee as declared
 * @param ownerIds UUIDs whom the last deployment took that for
 * @returns undefined where nothing is wrong
 */
export function staleOwner(
  session: Pick<Session, "directory" | "shared">,
  assignee: string,
  ownerIds: readonly string[],
): Promise<StaleOwner | undefined> {
  const known = session.shared.get(staleOwners);
  const key = JSON.stringify([assignee.toLowerCase(), ...ownerIds]);
  const asked = known.get(key) ?? find(session, assignee, ownerIds);
  known.set(key, asked);
  return asked;
}

async function find(
  { directory }: Pick<Session, "directory">,
  assignee: string,
  ownerIds: readonly string[],
): Promise<StaleOwner | undefined> {
  const { users, problem } = await directory.user(assignee);
  if (problem) return { problem: problem.message, hasMoved: false };
  const [id = ""] = users.map((user) => user.id);
  if (ownerIds.length === 0 || ownerIds.includes(id) || isUuid(assignee)) return undefined;
  return {
    problem: `"${assignee}" belongs to another user now (${id}); the next pulumi up gives these findings to that user`,
    hasMoved: true,
  };
}
