import type { Clock } from "../core/clock";
import { LARGEST_TRAILER, trailerSize } from "./trailerSize";

/**
 * What the SDK's dynamic provider packs into the engine's ErrorResourceInitFailed: the resource is kept in
 * the state.
 */
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

/** Failures that are in the state without an error: the program reports them, see `failProgram`. */
export interface SavedFailure {
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
  readonly reasons: readonly string[];
}

/**
 * Has the engine save what succeeded, and the deployment fail. Where they and the reasons are too large for
 * an error, they are saved as a success that tells the program to fail: then the failures are in the outputs,
 * too, and the next deployment tries them again.
 * @returns the outputs to be saved as a success
 * @throws AssignmentError
 */
export function reportFailures(
  { clock }: { readonly clock: Pick<Clock, "now"> },
  { id, reasons, properties }: Pick<AssignmentError, "id" | "reasons" | "properties">,
): Record<string, unknown> {
  const error = new AssignmentError(id, reasons, properties);
  if (trailerSize(error) <= LARGEST_TRAILER) throw error;
  const { __provider, ...outs } = properties;
  const failure: SavedFailure = { at: new Date(clock.now()).toISOString(), reasons };
  return { ...outs, failure };
}
