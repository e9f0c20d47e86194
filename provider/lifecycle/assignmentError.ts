import type { Session } from "./session";

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

/**
 * The SDK sends the properties of an error in one HTTP/2 trailer, and node's HTTP/2 (nghttp2) bears no header of more than 64 kB:
 * beyond that the engine would wait for ever. So many bytes of JSON fit in, as protobuf in base64.
 */
const LARGEST_PROPERTIES = 40_000;

/** Failures that are in the state without an error: the program reports them, see `failProgram`. */
export interface SavedFailure {
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
  readonly reasons: readonly string[];
}

/**
 * Has the engine save what succeeded, and the deployment fail. Where the outputs are too large for an error, they are saved as a
 * success that tells the program to fail: then the failures are in the outputs, too, and the next deployment tries them again.
 * @returns the outputs to be saved as a success
 * @throws AssignmentError
 */
export function reportFailures(
  session: Pick<Session, "clock">,
  { id, reasons, properties }: Pick<AssignmentError, "id" | "reasons" | "properties">,
): Record<string, unknown> {
  if (Buffer.byteLength(JSON.stringify(properties)) <= LARGEST_PROPERTIES) {
    throw new AssignmentError(id, reasons, properties);
  }
  const { __provider, ...outs } = properties;
  const failure: SavedFailure = { at: new Date(session.clock.now()).toISOString(), reasons };
  return { ...outs, failure };
}
