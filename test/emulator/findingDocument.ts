import type { FindingView } from "./findingStore";

const SCORES: Readonly<Record<string, readonly [score: number, valueId: number]>> = {
  critical: [9.5, 4],
  high: [8, 3],
  medium: [5, 2],
  low: [2, 1],
  info: [0, 0],
};

/** A finding as the search returns it: the keys that all recorded findings have in common, and `workflow.triage`. */
export function findingDocument({ finding, assignee }: FindingView) {
  const [score, valueId] = SCORES[finding.severity] ?? [0, 0];
  const custom = {
    cloud_resource: { display_name: finding.resourceName },
    detection_changed_at: finding.detectedAt,
    finding_id: finding.id,
    finding_type: finding.type,
    first_seen_at: finding.detectedAt,
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
    workflow: { mute: { is_muted: finding.status === "muted" }, ...triage(assignee) },
  };
  return {
    id: finding.id,
    type: "finding",
    attributes: { attributes: { custom }, tags: finding.tags, timestamp: finding.detectedAt },
  };
}

function triage(assignee: FindingView["assignee"]) {
  if (assignee === null) return {};
  const { id, name, updatedAt, updatedBy } = assignee;
  return { triage: { assignee: { id, name, updated_at: updatedAt, updated_by: updatedBy } } };
}
