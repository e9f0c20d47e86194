import type { RuledFinding } from "./assignRules";

/** A finding as the search returns it, as far as rules are evaluated here. */
export interface SearchedFinding {
  readonly id: string;
  readonly severity: string | null;
  readonly status: string | null;
  readonly type: string | null;
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly assignee: { readonly id: string; readonly name?: string } | null;
}

/** What rules can be evaluated on; attributes that the search result does not carry are not known. */
export function findingFacts(finding: SearchedFinding): RuledFinding {
  const { assignee } = finding;
  const known: Readonly<Record<string, string | null | undefined>> = {
    finding_id: finding.id,
    severity: finding.severity,
    status: finding.status,
    finding_type: finding.type,
    title: finding.title,
    resource_id: finding.resourceId,
    resource_name: finding.resourceName,
    "workflow.triage.assignee.id": assignee?.id ?? null,
    ...(!(assignee && assignee.name === undefined) && {
      "workflow.triage.assignee.name": assignee?.name ?? null,
    }),
  };
  return {
    id: finding.id,
    assigneeId: assignee?.id ?? null,
    tags: finding.tags,
    attribute: (path) => {
      const value = Object.hasOwn(known, path) ? known[path] : undefined;
      if (value === undefined) return undefined;
      return value === null ? [] : [value];
    },
  };
}
