/** A declared team that the organisation does not have. */
export class TeamLookupError extends Error {
  override readonly name = "TeamLookupError";

  /**
   * @param handle as declared
   * @param near handles of teams that may be meant
   */
  constructor(
    readonly handle: string,
    readonly near: readonly string[],
  ) {
    const advice =
      near.length > 0
        ? `did you mean ${near.join(", ")}?`
        : "declare a team's handle, as its page in Datadog shows it";
    super(`no team of this Datadog organisation has the handle "${handle}"; ${advice}`);
  }
}
