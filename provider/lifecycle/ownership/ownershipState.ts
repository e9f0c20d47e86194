import { z } from "zod";
import { type DeployedOwnership, type OwnershipSpec, ownershipSpec } from "../../core/ownership/rule";
import type { FindingProblem } from "../../datadog/findingsApi";

const rule = z.object({
  name: z.string(),
  query: z.string(),
  assignee: z.string(),
  overwrite: z.boolean().default(false),
  note: z.string().optional(),
});
const deployedRule = z.object({ name: z.string(), query: z.string(), ownerId: z.string() });
const problem = z.object({
  findingId: z.string(),
  status: z.number(),
  title: z.string(),
  detail: z.string(),
});
const ruleResult = z.object({ name: z.string(), assigneeId: z.string(), assigned: z.number() });

const state = z.object({
  rules: z.array(rule),
  scope: z.string().optional(),
  exclude: z.array(z.string()).default([]),
  maxChanges: z.number().optional(),
  onDelete: z.enum(["unassign", "keep"]).default("unassign"),
  releaseRemoved: z.boolean().default(false),
  results: z.array(ruleResult).default([]),
  total: z.number().default(0),
  unowned: z.number().default(0),
  failures: z.array(problem).default([]),
  former: z.array(z.object({ scope: z.string().optional(), rules: z.array(deployedRule) })).default([]),
  assignedAt: z.string().optional(),
  resourceName: z.string().optional(),
});

/** What a rule did in the last deployment that changed something. */
export interface RuleResult {
  /** Of the rule. */
  readonly name: string;
  /** The owner's UUID. */
  readonly assigneeId: string;
  /** How many findings were assigned. */
  readonly assigned: number;
}

/** The outputs of a FindingsOwnership: the rules and a summary, never the findings that they match. */
export interface OwnershipState {
  readonly spec: OwnershipSpec;
  readonly results: readonly RuleResult[];
  /** Findings that the last deployment assigned. */
  readonly total: number;
  /** Findings in scope that no rule claims and nobody owns, as of the last change; 100 stands for 100 or more. */
  readonly unowned: number;
  /** The first 100 findings that could not be assigned. */
  readonly failures: readonly FindingProblem[];
  /**
   * Deployments before the last one, as long as that has not succeeded, or the search may not show all that they gave away:
   * their findings may still be with former owners.
   */
  readonly former: readonly DeployedOwnership[];
  /** When Datadog last accepted an assignment by these rules, ms since the epoch by its clock. */
  readonly assignedAt: number | undefined;
  readonly resourceName: string | undefined;
}

export function parseOwnershipState(props: unknown): OwnershipState {
  const { rules, scope, exclude, maxChanges, onDelete, releaseRemoved, ...rest } = state.parse(props);
  const { former, assignedAt, resourceName, ...summary } = rest;
  return {
    ...summary,
    spec: {
      rules: ownershipSpec({ rules }).rules,
      scope,
      exclude,
      maxChanges,
      maxChangesPerOwner: undefined,
      onDelete,
      releaseRemoved,
    },
    former: former.map((deployed) => ({ scope: deployed.scope, rules: deployed.rules })),
    assignedAt: assignedAt === undefined ? undefined : Date.parse(assignedAt),
    resourceName,
  };
}

/** Plain JSON without undefined. */
export function storeOwnershipState(state: OwnershipState): Record<string, unknown> {
  const { spec, results, total, unowned, failures, former, assignedAt, resourceName } = state;
  return withoutUndefined({
    // Notes are for reviewers, and stand in the inputs.
    rules: spec.rules.map(({ name, query, assignee, overwrite }) => ({ name, query, assignee, overwrite })),
    scope: spec.scope,
    exclude: spec.exclude.length > 0 ? spec.exclude : undefined,
    maxChanges: spec.maxChanges,
    onDelete: spec.onDelete,
    releaseRemoved: spec.releaseRemoved,
    results,
    total,
    unowned,
    failures,
    former: former.length > 0 ? former.map((deployed) => withoutUndefined({ ...deployed })) : undefined,
    assignedAt: assignedAt === undefined ? undefined : new Date(assignedAt).toISOString(),
    resourceName,
  });
}

/** The deployments whose findings are about: the last one, and those that it did not finish. */
export function deployedBy(state: OwnershipState | undefined): DeployedOwnership[] {
  if (!state) return [];
  const owners = new Map(state.results.map(({ name, assigneeId }) => [name, assigneeId]));
  const rules = state.spec.rules.flatMap(({ name, query }) => {
    const ownerId = owners.get(name);
    return ownerId === undefined ? [] : [{ name, query, ownerId }];
  });
  return [{ scope: state.spec.scope, rules }, ...state.former];
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
