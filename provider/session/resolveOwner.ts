import { UserLookupError } from "../datadog/errors/userLookupError";
import type { Session } from "./session";

/** Who the owner of a rule is. */
export interface RuleOwner {
  /** UUIDs; empty: nobody could be found. */
  readonly ownerIds: string[];
  /** Why nobody is the owner, and what to declare. */
  readonly problem: string | undefined;
}

/** Whom a rule names. Nobody, more than one or a disabled user is no error here: only that rule fails. */
export async function resolveOwner(session: Session, assignee: string): Promise<RuleOwner> {
  try {
    return { ownerIds: [await session.assignees.resolve(assignee)], problem: undefined };
  } catch (error) {
    if (!(error instanceof UserLookupError)) throw error;
    return { ownerIds: [], problem: error.message };
  }
}
