import type { DatadogAccount } from "../session/datadogAccount";

/** Findings that a resource no longer holds. */
export interface ReleaseRequest {
  readonly label: string;
  /** The resource's id, as the state has it. */
  readonly resourceId: string;
  readonly findingIds: readonly string[];
  /** Whose findings the state says they are. */
  readonly account: DatadogAccount | undefined;
  /** The users to whom we gave them: whoever else has one now keeps it. */
  readonly assigneeIds: readonly string[];
  /**
   * When Datadog accepted that, ms since the epoch; undefined: so long ago that the search shows it, or
   * never.
   */
  readonly acceptedAt: (findingId: string) => number | undefined;
}
