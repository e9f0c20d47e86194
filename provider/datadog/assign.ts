import type { z } from "zod";
import type { Clock } from "../core/clock";
import { answerTime } from "./answerTime";
import type { AssignmentReceipt, FindingProblem, FindingsApi } from "./findingsApi";
import { requestJson } from "./requestJson";
import { assignmentAnswer } from "./schemas";
import type { Send } from "./transport";

const path = "/api/v2/security/findings/assignee";

/** `PATCH /api/v2/security/findings/assignee`; in preview at Datadog, so it may change. */
export function createAssign(send: Send, clock: Clock): FindingsApi["assign"] {
  return async (findingIds, assigneeId, requestId, signal): Promise<AssignmentReceipt> => {
    const findings = findingIds.map((id) => ({ id, type: "findings" }));
    const body = {
      data: {
        type: "assignee",
        id: requestId,
        attributes: assigneeId === null ? {} : { assignee_id: assigneeId },
        relationships: { findings: { data: findings } },
      },
    };
    const request = { method: "PATCH", path, body, family: "assignee", ...(signal && { signal }) } as const;
    const answer = await requestJson(send, request, assignmentAnswer);
    const sent = new Set(findingIds);
    return {
      failures: problemsOf(answer.body.meta?.failures, sent),
      warnings: problemsOf(answer.body.meta?.warnings, sent),
      acceptedAt: answerTime(answer.response, clock.now()),
    };
  };
}

type StatedProblem = NonNullable<NonNullable<z.infer<typeof assignmentAnswer>["meta"]>["failures"]>[number];

/** One for each finding; what is said of findings that were not sent counts for nothing. */
function problemsOf(
  stated: readonly StatedProblem[] | null | undefined,
  sent: ReadonlySet<string>,
): FindingProblem[] {
  const problems = new Map<string, FindingProblem>();
  for (const { finding_id: findingId, status, title, detail } of stated ?? []) {
    if (sent.has(findingId))
      problems.set(findingId, { findingId, status, title: title ?? "", detail: detail ?? "" });
  }
  return [...problems.values()];
}
