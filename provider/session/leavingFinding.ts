import type { Finding } from "../datadog/model/findingsApi";

/** A finding that leaves a FindingsAssignment in this deployment. */
export interface LeavingFinding {
  /** As messages name the FindingsAssignment. */
  readonly label: string;
  /**
   * Whether a release would release it: not where somebody has given it to another user since.
   * @param finding as the search shows it
   * @param now ms since the epoch, by Datadog's clock
   */
  readonly isOurs: (finding: Finding, now: number) => boolean;
}
