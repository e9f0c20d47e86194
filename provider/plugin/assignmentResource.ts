import { z } from "zod";
import { isUuid } from "../core/claims";
import { checkAssignment } from "../lifecycle/checkAssignment";
import { createAssignment } from "../lifecycle/createAssignment";
import { deleteAssignment } from "../lifecycle/deleteAssignment";
import { diffAssignment } from "../lifecycle/diffAssignment";
import { readAssignment } from "../lifecycle/readAssignment";
import { isUnknown } from "../lifecycle/unknown";
import { updateAssignment } from "../lifecycle/updateAssignment";
import { assignmentDiff, type DetailedDiff } from "./detailedDiff";
import { importAssignment } from "./importAssignment";
import { type Properties, UNKNOWN } from "./properties";
import type { ResourceLifecycle } from "./resourceLifecycle";

/** What a diff takes from the outputs. */
const outputs = z.object({
  findingIds: z.array(z.string()),
  missing: z.array(z.string()).default([]),
  failures: z.array(z.object({ findingId: z.string() })).default([]),
});

/** `datadog-findings:index:FindingsAssignment` */
export const assignmentResource: ResourceLifecycle = {
  check: (session, _olds, news) => checkAssignment(session, news),
  async diff(session, id, olds, news, oldInputs) {
    const { changes } = await diffAssignment(session, id, olds, news);
    const { findingIds, missing, failures } = outputs.parse(olds);
    const settled = [...findingIds, ...missing];
    const known = [...settled, ...failures.map(({ findingId }) => findingId)];
    const detailed: DetailedDiff = changes ? assignmentDiff(oldInputs, news, { settled, known }) : new Map();
    return { changes, detailed };
  },
  create: createAssignment,
  update: updateAssignment,
  read: readAssignment,
  delete: deleteAssignment,
  preview(news, olds) {
    return {
      ...news,
      assigneeId: previewOwner(news["assignee"], olds),
      failures: UNKNOWN,
      warnings: UNKNOWN,
    };
  },
  import: importAssignment,
  usualOutputs: { onMissing: "fail" },
  derived: {
    assignee: ["assigneeId", "formerAssigneeIds"],
    findingIds: ["failures", "warnings", "missing", "pendingReleases", "released"],
  },
};

/** A preview looks nobody up. */
function previewOwner(assignee: unknown, olds: Properties | undefined): unknown {
  if (typeof assignee !== "string" || isUnknown(assignee)) return UNKNOWN;
  if (isUuid(assignee)) return assignee.toLowerCase();
  const before = olds?.["assignee"];
  const same = typeof before === "string" && before.toLowerCase() === assignee.toLowerCase();
  return same ? (olds?.["assigneeId"] ?? UNKNOWN) : UNKNOWN;
}
