/** Who is on call was asked of a Datadog site that has no On-Call. */
export class OnCallUnavailableError extends Error {
  override readonly name = "OnCallUnavailableError";

  /** @param host of the API */
  constructor(readonly host: string) {
    super(`Datadog On-Call is not available on ${host}; declare a user or a team (team:HANDLE) instead`);
  }
}
