import { isUuid } from "../core/claims";
import { UserLookupError } from "../datadog/errors";
import { findUser } from "../datadog/findUser";
import type { Session } from "./session";

/**
 * Why an owner of the last deployment cannot be, or is not, given findings any more: one request.
 * @param assignee as declared
 * @param ownerIds UUIDs whom the last deployment took that for
 * @returns undefined where nothing is wrong
 */
export async function staleOwner(
  { api, cancelled }: Pick<Session, "api" | "cancelled">,
  assignee: string,
  ownerIds: readonly string[],
): Promise<string | undefined> {
  if (isUuid(assignee)) {
    const user = await api.getUser(assignee, cancelled);
    if (!user) return `no user of this Datadog organisation has the UUID ${assignee}`;
    const name = user.email ?? assignee;
    return user.disabled ? `the user ${name} is disabled in Datadog and cannot own findings` : undefined;
  }
  try {
    const { id } = await findUser(api, assignee, cancelled);
    if (ownerIds.length === 0 || ownerIds.includes(id)) return undefined;
    return `"${assignee}" belongs to another user by now (${id}), to whom the next pulumi up gives these findings`;
  } catch (error) {
    if (error instanceof UserLookupError) return error.message;
    throw error;
  }
}
