/** What the SDK's dynamic provider packs into the engine's ErrorResourceInitFailed: the resource is kept in the state. */
export class AssignmentError extends Error {
  override readonly name = "AssignmentError";

  /**
   * @param id of the resource; without one the engine keeps nothing
   * @param reasons shown to the user, a bullet each
   * @param properties the outputs to be stored; must carry `__provider`
   */
  constructor(
    readonly id: string,
    readonly reasons: string[],
    readonly properties: Record<string, unknown>,
  ) {
    super(reasons.join("\n"));
  }
}
