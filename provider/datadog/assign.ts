import type { z } from "zod";
import type { Clock } from "../core/clock";
import { messageOf } from "../core/messageOf";
import { answerTime } from "./http/answerTime";
import { requestJson } from "./http/requestJson";
import type { AssignmentReceipt, ChangeGuard, FindingProblem, FindingsApi } from "./model/findingsApi";
import type { Send } from "./model/transport";
import { statedWaitMs } from "./rateLimit/rateLimit";
import { assignmentAnswer } from "./schemas";

const path = "/api/v2/security/findings/assignee";

/** `PATCH /api/v2/security/findings/assignee`; in preview at Datadog, so it may change. */
export function createAssign(send: Send, clock: Clock): FindingsApi["assign"] {
  return async (findingIds, assigneeId, requestId, signal, guard): Promise<AssignmentReceipt> => {
    const batch = new GuardedBatch(findingIds, guard);
    const bodyOf = (ids: readonly string[]) => ({
      data: {
        type: "assignee",
        id: requestId,
        attributes: assigneeId === null ? {} : { assignee_id: assigneeId },
        relationships: { findings: { data: ids.map((id) => ({ id, type: "findings" })) } },
      },
    });
    const request = {
      method: "PATCH",
      path,
      body: bodyOf(findingIds),
      family: "assignee",
      ...(signal && { signal }),
      ...(guard && { bodyAtLast: async () => bodyOf(await batch.review()) }),
    } as const;
    try {
      const answer = await requestJson(send, request, assignmentAnswer);
      const sent = new Set(batch.due);
      const retryAfterMs = statedWaitMs({ ...answer.response, status: 429 }, clock.now());
      const failures = problemsOf(answer.body.meta?.failures);
      return {
        failures: failures.filter(({ findingId }) => sent.has(findingId)),
        unattributed: failures.filter(({ findingId }) => !sent.has(findingId)),
        warnings: problemsOf(answer.body.meta?.warnings).filter(({ findingId }) => sent.has(findingId)),
        leftAlone: batch.leftAlone,
        ...(answer.response.afterUnclearTry && { inDoubt: batch.sentBefore }),
        acceptedAt: answerTime(answer.response, clock.now()),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(answer.response.afterUnclearTry && { afterUnclearTry: true }),
      };
    } catch (error) {
      // After a try without an answer the error is that of the try.
      if (batch.due.length > 0) throw error;
      const inDoubt = error instanceof NothingDue ? [] : batch.sentBefore;
      const nothing = { failures: [], unattributed: [], warnings: [] };
      return { ...nothing, leftAlone: findingIds, inDoubt, acceptedAt: clock.now() };
    }
  };
}

/** Thrown instead of sending an empty batch. */
class NothingDue extends Error {}

/** The findings of a batch, with the guard's last word on them. */
class GuardedBatch {
  #leftAlone: ReadonlySet<string> = new Set();
  readonly #sent = new Set<string>();

  constructor(
    readonly findingIds: readonly string[],
    readonly guard: ChangeGuard | undefined,
  ) {}

  get due(): string[] {
    return this.findingIds.filter((id) => !this.#leftAlone.has(id));
  }

  get leftAlone(): string[] {
    return this.findingIds.filter((id) => this.#leftAlone.has(id));
  }

  /** Held back by now, and sent by an earlier try. */
  get sentBefore(): string[] {
    return this.leftAlone.filter((id) => this.#sent.has(id));
  }

  /** Asked again with each try. @throws NothingDue, or Error where the guard cannot tell */
  async review(): Promise<string[]> {
    try {
      this.#leftAlone = (await this.guard?.(this.findingIds)) ?? new Set();
    } catch (error) {
      // No failure of this request, which may still be sent.
      const reason = messageOf(error);
      throw new Error(`not sent, because it is not known who owns them now: ${reason}`);
    }
    if (this.due.length === 0) throw new NothingDue();
    for (const id of this.due) this.#sent.add(id);
    return this.due;
  }
}

type StatedProblem = NonNullable<NonNullable<z.infer<typeof assignmentAnswer>["meta"]>["failures"]>[number];

/** One for each finding. */
function problemsOf(stated: readonly StatedProblem[] | null | undefined): FindingProblem[] {
  const problems = new Map<string, FindingProblem>();
  for (const { finding_id: findingId, status, title, detail } of stated ?? []) {
    problems.set(findingId, { findingId, status, title: title ?? "", detail: detail ?? "" });
  }
  return [...problems.values()];
}
