import type { z } from "zod";
import type { Clock } from "../core/clock";
import { answerTime } from "./http/answerTime";
import { requestJson } from "./http/requestJson";
import type { Finding, FindingsApi, Ticket, TriageAssignee } from "./model/findingsApi";
import type { Send } from "./model/transport";
import { type finding, searchAnswer } from "./schemas";

/** Where findings are searched. */
export const SEARCH_PATH = "/api/v2/security/findings/search";

/** `POST /api/v2/security/findings/search`: one page. */
export function createSearch(send: Send, clock: Clock): FindingsApi["search"] {
  return async ({ query, limit = 100, cursor, sort, signal }) => {
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const body = { data: { attributes: { filter: query, page, ...(sort && { sort }) } } };
    const request = {
      method: "POST",
      path: SEARCH_PATH,
      body,
      family: "search",
      ...(signal && { signal }),
    } as const;
    const answer = await requestJson(send, request, searchAnswer);
    const { data, meta: after } = answer.body;
    return {
      findings: data.readable.map(findingOf),
      answeredAt: answerTime(answer.response, clock.now()),
      ...(after !== undefined && { cursor: after }),
      ...(data.unreadable.length > 0 && { unreadable: data.unreadable }),
    };
  };
}

function findingOf({ id, attributes }: z.infer<typeof finding>): Finding {
  const { custom } = attributes.attributes;
  return {
    id,
    severity: custom.severity ?? null,
    status: custom.status ?? null,
    type: custom.finding_type ?? null,
    title: custom.title ?? null,
    tags: attributes.tags ?? [],
    resourceId: custom.resource_id ?? null,
    resourceName: custom.resource_name ?? null,
    detectedAt: custom.detection_changed_at ?? custom.first_seen_at ?? null,
    assignee: assigneeOf(custom.workflow?.triage?.assignee),
    ticket: ticketOf(custom.workflow?.integrations?.cases),
    ...(custom.git && custom.git.codeowners.length > 0 && { codeOwners: custom.git.codeowners }),
  };
}

type Workflow = NonNullable<z.infer<typeof finding>["attributes"]["attributes"]["custom"]["workflow"]>;

function assigneeOf(assignee: NonNullable<Workflow["triage"]>["assignee"]): TriageAssignee | null {
  if (!assignee) return null;
  const { id, name, updated_at, updated_by } = assignee;
  return {
    id,
    ...(name && { name }),
    ...(updated_at !== undefined && { updatedAt: updated_at }),
    ...(updated_by && { updatedBy: updated_by }),
  };
}

function ticketOf(linked: NonNullable<Workflow["integrations"]>["cases"]): Ticket | null {
  const key = linked?.jira_issue?.key ?? linked?.key ?? linked?.id;
  const id = linked?.id ?? linked?.key ?? linked?.jira_issue?.key;
  return id && key ? { id, key } : null;
}
