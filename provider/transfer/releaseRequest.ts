import type { DatadogAccount } from "../session/datadogAccount";

/** Findings that a resource no longer holds. */
export interface ReleaseRequest {
  readonly label: string;
  /** The resource's id, as the state has it. */
  readonly resourceId: string;
  readonly findingIds: readonly string[];
  /**
   * Name of a resource that is deleted. Where the program declares a resource of that name all the same, it
   * is made anew after the delete (`deleteBeforeReplace`). undefined: the resource stays, or has no name.
   */
  readonly deleted?: string | undefined;
  /** Whose findings the state says they are. */
  readonly account: DatadogAccount | undefined;
  /** UUIDs of the users to whom we gave a finding, or may have: whoever else has it now keeps it. */
  readonly ownersOf: (findingId: string) => readonly string[];
  /**
   * When Datadog accepted that, ms since the epoch; undefined: so long ago that the search shows it, or
   * never.
   */
  readonly acceptedAt: (findingId: string) => number | undefined;
  /**
   * Findings whose last change failed. Datadog may have made it all the same, later than what the state of
   * another resource says.
   */
  readonly failed: ReadonlySet<string>;
}
