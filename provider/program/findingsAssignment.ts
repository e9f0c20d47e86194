import * as pulumi from "@pulumi/pulumi";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { serializedAssignmentProvider } from "../dynamic/serializedProvider";
import type { SavedFailure } from "../engine/assignmentError";
import { assignmentType, hasType, pluginAssignmentType } from "../engine/resourceTypes";
import { failProgram } from "./failProgram";
import { nameInProgram } from "./nameInProgram";
import { resourceInputs } from "./resourceInputs";
import { takingOver } from "./takingOver";

export interface FindingsAssignmentArgs {
  /**
   * The findings, by the ids that Datadog shows; order and duplicates mean nothing. Any number: they are sent
   * 100 to a request. Ids are opaque and case-sensitive.
   */
  readonly findingIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The Datadog user who is to own them: UUID, e-mail or handle. An e-mail or handle is looked up when
   * something is to be sent (permission `user_access_read`); it must name exactly one active user.
   */
  readonly assignee: pulumi.Input<string>;
  /**
   * What a finding that Datadog does not know means. `"fail"` (default): it is reported as a failure, and the
   * rest is assigned. `"ignore"`: it is left out with a printed note, and taken up again when it comes back.
   */
  readonly onMissing?: pulumi.Input<"fail" | "ignore"> | undefined;
}

/**
 * Security findings that belong to one Datadog user.
 *
 * Creating assigns the findings (`PATCH /api/v2/security/findings/assignee`, in preview at Datadog), an
 * update sends only what changed, and deleting unassigns those that are still this user's. One finding has
 * one owner: declaring it for two users is refused. Findings that somebody has reassigned by hand are found
 * by `pulumi refresh` and put right by the next `pulumi up`. Needs the permission
 * `security_monitoring_findings_write` or `appsec_vm_write`; to see changes made by hand,
 * `security_monitoring_findings_read` or `appsec_vm_read`.
 *
 * @see https://docs.datadoghq.com/api/latest/security-monitoring/
 */
export class FindingsAssignment extends pulumi.CustomResource {
  /** The findings that are assigned: unique and sorted. What is declared and not in here is in `failures`. */
  declare readonly findingIds: pulumi.Output<string[]>;
  /** The owner as declared. */
  declare readonly assignee: pulumi.Output<string>;
  /** As declared, or `"fail"`. */
  declare readonly onMissing: pulumi.Output<"fail" | "ignore">;
  /** The owner's UUID. */
  declare readonly assigneeId: pulumi.Output<string>;
  /**
   * Findings that could not be assigned, or unassigned: the next `pulumi up` sends only these. Empty if all
   * went well.
   */
  declare readonly failures: pulumi.Output<FindingProblem[]>;
  /**
   * Findings that were assigned, but something beside it went wrong, such as the synchronization of a Jira
   * issue.
   */
  declare readonly warnings: pulumi.Output<FindingProblem[]>;
  /** Why the last deployment failed, where its state was too large to be saved with an error. */
  declare private readonly failure: pulumi.Output<SavedFailure | undefined>;

  constructor(name: string, args: FindingsAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = resourceInputs(resourceClass, nameInProgram(name, opts?.parent), args);
    super(assignmentType, name, inputs, takingOver(pluginAssignmentType, opts));
    this.onMissing = this.onMissing.apply((declared) => declared ?? "fail");
    failProgram(name, this.failure);
  }

  /** Whether a value is a FindingsAssignment, of any copy of this package. */
  static override isInstance(value: unknown): value is FindingsAssignment {
    return hasType(value, assignmentType);
  }
}

const resourceClass = {
  outputs: ["findingIds", "assignee", "onMissing", "assigneeId", "failures", "warnings", "failure"],
  provider: serializedAssignmentProvider,
};
