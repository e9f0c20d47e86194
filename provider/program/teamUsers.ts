import type { DatadogTeam, DatadogUser } from "../datadog/model/findingsApi";

/** A Datadog team and who is in it. */
export interface Team extends DatadogTeam {
  /** The active members: nobody who is disabled, and no service accounts. Empty where there are none. */
  readonly members: readonly DatadogUser[];
}

/** Who is on call for a Datadog team. */
export interface OnCall {
  readonly team: DatadogTeam;
  /** Who is on call now: one user or several, each of them active. */
  readonly users: readonly [DatadogUser, ...DatadogUser[]];
}
