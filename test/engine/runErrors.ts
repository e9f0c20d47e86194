/** The program uses what the embedded engine does not do. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

export const refusal = (feature: string): UnsupportedError =>
  new UnsupportedError(
    `The embedded engine of the tests does not do ${feature}. Run this program with the pulumi CLI instead.`,
  );

/** The deployment is over for whoever asks: something failed, or it was cancelled. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** A step that was not allowed or not possible; `urn` is the resource that the message is about. */
export class StepError extends Error {
  override readonly name = "StepError";

  constructor(
    message: string,
    readonly urn: string,
  ) {
    super(message);
  }
}
