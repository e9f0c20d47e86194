import type { DatadogAccount } from "../session/datadogAccount";

/** Findings that a resource no longer holds. */
export interface ReleaseRequest {
  readonly label: string;
  /** The resource's id, as the state has it. */
  readonly resourceId: string;
  readonly findingIds: readonly string[];
  /** Whose findings the state says they are. */
  readonly account: DatadogAccount | undefined;
  /** UUIDs of the users to whom we gave a finding, or may have: whoever else has it now keeps it. */
  readonly ownersOf: (findingId: string) => readonly string[];
  /**
   * When Datadog accepted that, ms since the epoch; undefined: so long ago that the search shows it, or
   * never.
   */
  readonly acceptedAt: (findingId: string) => number | undefined;
}
