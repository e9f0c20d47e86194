import type { Day } from "../core/day";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { effectiveOwnership } from "../rules/effectiveOwnership";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import { loadOwnershipFile } from "../rulesFile/ownershipFile";
import { AssigneeResolver } from "../session/assigneeResolver";

export interface LoadedRules {
  readonly spec: OwnershipSpec;
  readonly context: OwnershipContext;
}

/** Reads a file and looks its owners up. What a deployment gave away before is known to its state only, not here. */
export async function loadRules(api: FindingsApi, file: string, today: Day): Promise<LoadedRules> {
  const spec = effectiveOwnership(loadOwnershipFile(file, today).declaration, today);
  const resolver = new AssigneeResolver(api);
  const ownerIds = await Promise.all(
    spec.rules.map(async ({ assignee }) => [await resolver.resolve(assignee)]),
  );
  return { spec, context: { ownerIds, deployed: [] } };
}
