import { triageDocument } from "./assigneeForm";
import type { FindingView } from "./findingStore";
import { DEFAULT_SETTINGS, type Settings, valueOf } from "./settings";
import type { EmulatedTicket } from "./ticketStore";

const SCORES: Readonly<Record<string, readonly [score: number, valueId: number]>> = {
  critical: [9.5, 4],
  high: [8, 3],
  medium: [5, 2],
  low: [2, 1],
  info: [0, 0],
};

type Forms = Pick<Settings, "updatedAtForm" | "nobodyForm" | "casesForm">;

/**
 * A finding as the search returns it: the keys that all recorded findings have in common, and those that
 * ownership is about.
 */
export function findingDocument({ finding, assignee, ticket }: FindingView, forms: Forms = DEFAULT_SETTINGS) {
  const [score, valueId] = SCORES[finding.severity] ?? [0, 0];
  const updatedAtForm = valueOf(forms.updatedAtForm, finding.id);
  const nobodyForm = valueOf(forms.nobodyForm, finding.id);
  const custom = {
    cloud_resource: { display_name: finding.resourceName },
    detection_changed_at: finding.detectedAt,
    finding_id: finding.id,
    finding_type: finding.type,
    first_seen_at: finding.detectedAt,
    ...(finding.codeowners === undefined ? {} : { git: { codeowners: finding.codeowners } }),
    k8s: { cluster_id: "emulated" },
    last_seen_at: finding.detectedAt,
    metadata: { schema_version: "2" },
    resource_id: finding.resourceId,
    resource_name: finding.resourceName,
    resource_type: finding.resourceType,
    severity: finding.severity,
    severity_details: { adjusted: { score, value: finding.severity, value_id: valueId } },
    status: finding.status,
    title: finding.title,
    workflow: {
      ...(ticket === undefined ? {} : { integrations: integrations(ticket, forms.casesForm) }),
      mute: { is_muted: finding.status === "muted" },
      ...triageDocument(assignee, updatedAtForm, nobodyForm),
    },
  };
  return {
    id: finding.id,
    type: "finding",
    attributes: { attributes: { custom }, tags: finding.tags, timestamp: finding.detectedAt },
  };
}

function integrations(ticket: EmulatedTicket, form: Settings["casesForm"]) {
  const { id, key, system, issueKey, createdAt, assignee } = ticket;
  const by = assignee && { id: assignee.updatedBy, name: assignee.updatedByName ?? "" };
  const document = {
    id,
    key,
    status: "open",
    created_at: createdAt,
    updated_at: assignee?.updatedAt ?? createdAt,
    ...(assignee === null ? {} : { assignee: { id: assignee.id, name: assignee.name }, updated_by: by }),
    ...(system === "none" ? {} : issue(system, issueKey ?? key)),
  };
  const jira = system === "jira" ? { jira: [issueKey] } : {};
  return { cases: form === "list" ? [document] : document, ...jira };
}

/** Datadog documents the issue of Jira; those of the other systems have the same form here. */
function issue(system: Exclude<EmulatedTicket["system"], "none">, key: string): object {
  return {
    [`${system}_issue`]: { key, status: "To Do", url: `https://${system}.example.com/browse/${key}` },
  };
}
