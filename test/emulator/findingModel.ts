/** Who a finding belongs to, as `workflow.triage.assignee` of a finding says it. */
export interface EmulatedAssignee {
  readonly id: string;
  readonly name: string;
  /** ms since the epoch. */
  readonly updatedAt: number;
  /** UUID of the user who assigned. */
  readonly updatedBy: string;
  readonly updatedByName?: string;
}

export interface EmulatedFinding {
  readonly id: string;
  /** critical, high, medium, low, info. */
  readonly severity: string;
  /** open, muted, auto_closed. */
  readonly status: string;
  /** misconfiguration, library_vulnerability ... */
  readonly type: string;
  readonly title: string;
  /** `key:value`. */
  readonly tags: readonly string[];
  readonly resourceId: string;
  readonly resourceName: string;
  readonly resourceType: string;
  /** `detection_changed_at`, ms since the epoch. */
  readonly detectedAt: number;
  /**
   * `@git.codeowners`: the code owners that Datadog took from the repository's CODEOWNERS, such as
   * `@org/payments`.
   */
  readonly codeowners?: readonly string[];
  /** UUID of the owner that it starts with. */
  readonly assigneeId?: string;
}

export interface EmulatedUser {
  /** UUID. */
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
  readonly handle: string;
  readonly disabled: boolean;
  /**
   * Default: `Disabled` where `disabled` is true, otherwise `Active`. `Pending`: invited, and never logged
   * in.
   */
  readonly status?: "Active" | "Pending" | "Disabled";
  /** Default false. A service account may have the e-mail of a person. */
  readonly serviceAccount?: boolean;
}
