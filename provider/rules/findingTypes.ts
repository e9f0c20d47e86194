/**
 * The types of findings, as Datadog's own rules for findings (mute, due date, ticket) and `@finding_type` of
 * a search name them.
 */
export const FINDING_TYPES = [
  "misconfiguration",
  "attack_path",
  "identity_risk",
  "api_security",
  "host_and_container_vulnerability",
  "library_vulnerability",
  "runtime_code_vulnerability",
  "static_code_vulnerability",
  "secret",
  "iac_misconfiguration",
  "workload_activity",
] as const;

export type FindingType = (typeof FINDING_TYPES)[number];

/** The query of all findings of these types; undefined for none. */
export function findingTypesQuery(types: readonly FindingType[]): string | undefined {
  const [type, ...others] = new Set(types);
  if (type === undefined) return undefined;
  return `@finding_type:${others.length === 0 ? type : `(${[type, ...others].join(" OR ")})`}`;
}
