import { countOf } from "../core/count";
import { firstIds } from "./messages";

/** Why a resource cannot be deleted yet: findings that another one declares, and may not have got. */
export function describeMoving(label: string, findingIds: readonly string[]): string {
  return (
    `${label}: ${countOf(findingIds, "finding")} declared by another resource, which Datadog has not accepted for it yet ` +
    `(${firstIds(findingIds)}); next: the same command again`
  );
}
