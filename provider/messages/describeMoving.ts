import { countOf } from "../core/count";
import { firstIds } from "./messages";

/** Why a resource cannot be deleted yet: findings that another one declares, and may not have got. */
export function describeMoving(label: string, findingIds: readonly string[]): string {
  const them = findingIds.length === 1 ? "it" : "them";
  return (
    `${label}: ${countOf(findingIds, "finding")} could not be released: another resource declares ${them}, and Datadog has ` +
    `not accepted its assignment yet: ${firstIds(findingIds)}; next: run the same command again`
  );
}
