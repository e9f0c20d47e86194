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

/** A protected resource was to be deleted: said of each of them, it does not stop the others. */
export class ProtectedError extends Error {
  override readonly name = "ProtectedError";

  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``,
    );
  }
}
