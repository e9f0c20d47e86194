import { isUuid } from "../core/claims";
import { UserLookupError } from "../datadog/errors";
import { findUser } from "../datadog/findUser";
import type { FindingsApi } from "../datadog/model/findingsApi";

export interface StaleOwner {
  /** Why an owner of the last deployment cannot be, or is not, given findings any more. */
  readonly problem: string;
  /**
   * Whether the name belongs to another user by now. A refresh then stores the former user's UUID in the
   * place of the name, so that the next diff sees a new owner.
   */
  readonly hasMoved: boolean;
}

/**
 * Why an owner of the last deployment cannot be, or is not, given findings any more: one request.
 * @param assignee as declared
 * @param ownerIds UUIDs whom the last deployment took that for
 * @returns undefined where nothing is wrong
 */
export async function staleOwner(
  { api, cancelled }: { readonly api: FindingsApi; readonly cancelled: AbortSignal },
  assignee: string,
  ownerIds: readonly string[],
): Promise<StaleOwner | undefined> {
  if (isUuid(assignee)) {
    const user = await api.getUser(assignee, cancelled);
    if (!user) return staying(`no user of this Datadog organisation has the UUID ${assignee}`);
    const name = user.email ?? assignee;
    return user.disabled
      ? staying(`the user ${name} is disabled in Datadog and cannot own findings`)
      : undefined;
  }
  try {
    const { id } = await findUser(api, assignee, cancelled);
    if (ownerIds.length === 0 || ownerIds.includes(id)) return undefined;
    const problem = `"${assignee}" belongs to another user now (${id}); the next pulumi up gives these findings to that user`;
    return { problem, hasMoved: true };
  } catch (error) {
    if (error instanceof UserLookupError) return staying(error.message);
    throw error;
  }
}

function staying(problem: string): StaleOwner {
  return { problem, hasMoved: false };
}
