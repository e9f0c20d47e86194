import { z } from "zod";
import { checkAssignment } from "../assignment/checkAssignment";
import { createAssignment } from "../assignment/createAssignment";
import { deleteAssignment } from "../assignment/deleteAssignment";
import { diffAssignment } from "../assignment/diffAssignment";
import { previewChange } from "../assignment/previewChange";
import { readAssignment } from "../assignment/readAssignment";
import { updateAssignment } from "../assignment/updateAssignment";
import { isUuid } from "../core/claims";
import { isUnknown } from "../engine/unknown";
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
  async diff(session, key, olds, news, oldInputs) {
    const { changes } = await diffAssignment(session, key, olds, news);
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
  async preview(session, news, olds) {
    await previewChange(session, olds, news);
    return {
      ...news,
      assigneeId: previewOwner(news["assignee"], olds),
      failures: UNKNOWN,
      warnings: UNKNOWN,
    };
  },
  import: importAssignment,
  usualOutputs: { onMissing: "fail" },
};

/** Known without asking. */
function previewOwner(assignee: unknown, olds: Properties | undefined): unknown {
  if (typeof assignee !== "string" || isUnknown(assignee)) return UNKNOWN;
  if (isUuid(assignee)) return assignee.toLowerCase();
  const before = olds?.["assignee"];
  const same = typeof before === "string" && before.toLowerCase() === assignee.toLowerCase();
  return same ? (olds?.["assigneeId"] ?? UNKNOWN) : UNKNOWN;
}
