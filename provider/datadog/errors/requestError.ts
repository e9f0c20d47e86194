/** A request that did not bring what it was sent for. */
export abstract class RequestError extends Error {
  /** How often it was sent. */
  attempts = 1;

  /**
   * @param ambiguous whether Datadog may have done what was asked all the same
   * @param passing whether the same request may succeed at the next try
   */
  constructor(
    message: string,
    public ambiguous: boolean,
    readonly passing: boolean,
  ) {
    super(message);
  }
}
