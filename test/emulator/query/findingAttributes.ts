import { findingDocument } from "../findingDocument";
import type { FindingView } from "../findingStore";

/** undefined, or an empty list: the finding has no such attribute. */
export type Reader = (view: FindingView) => string | readonly string[] | undefined;

/**
 * The attributes that ownership queries use, without building the whole document for each of 100,000
 * findings.
 */
export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["finding_id", ({ finding }) => finding.id],
  ["severity", ({ finding }) => finding.severity],
  ["status", ({ finding }) => finding.status],
  ["finding_type", ({ finding }) => finding.type],
  ["title", ({ finding }) => finding.title],
  ["resource_id", ({ finding }) => finding.resourceId],
  ["resource_name", ({ finding }) => finding.resourceName],
  ["resource_type", ({ finding }) => finding.resourceType],
  ["workflow.triage.assignee.id", ({ assignee }) => assignee?.id],
  ["workflow.triage.assignee.name", ({ assignee }) => assignee?.name],
  ["workflow.triage.assignee.updated_by.id", ({ assignee }) => assignee?.updatedBy],
  ["git.codeowners", ({ finding }) => finding.codeowners],
  ["workflow.integrations.cases.id", ({ ticket }) => ticket?.id],
  ["workflow.integrations.cases.key", ({ ticket }) => ticket?.key],
]);

/** All values under a dotted path; of a list each element is one. */
export function attributeValues(view: FindingView, path: string): readonly string[] {
  const reader = READERS.get(path);
  if (reader === undefined)
    return valuesAt(findingDocument(view).attributes.attributes.custom, path.split("."));
  const value = reader(view);
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function valuesAt(node: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((element: unknown) => valuesAt(element, path));
  const [name, ...rest] = path;
  if (name === undefined) return isScalar(node) ? [String(node)] : [];
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, name)) return [];
  return valuesAt(Reflect.get(node, name), rest);
}

function isScalar(node: unknown): node is string | number | boolean {
  return typeof node === "string" || typeof node === "number" || typeof node === "boolean";
}
