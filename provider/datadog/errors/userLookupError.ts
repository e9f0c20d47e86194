export type UserLookupProblem = "unknown" | "disabled" | "ambiguous";

/** A declared owner that is not exactly one active user of the organisation. */
export class UserLookupError extends Error {
  override readonly name = "UserLookupError";

  /**
   * @param candidates near matches for an unknown or disabled one, the users in question for an ambiguous one
   * @param disabledIds UUIDs of the disabled users who have the name
   */
  constructor(
    readonly problem: UserLookupProblem,
    readonly assignee: string,
    readonly candidates: readonly string[],
    readonly disabledIds: readonly string[] = [],
  ) {
    super(messages[problem](assignee, candidates.join(", ")));
  }
}

const messages: Record<UserLookupProblem, (assignee: string, candidates: string) => string> = {
  unknown: (assignee, candidates) =>
    `no user of this Datadog organisation has the e-mail or handle "${assignee}"; ${
      candidates ? `did you mean ${candidates}?` : "declare a user's e-mail, handle or UUID"
    }`,
  disabled: (assignee, candidates) =>
    `the user "${assignee}" is disabled in Datadog and cannot own findings; ${
      candidates ? `did you mean ${candidates}?` : "declare an active user"
    }`,
  ambiguous: (assignee, candidates) =>
    `"${assignee}" names more than one user: ${candidates}; declare the UUID of the one you mean`,
};
