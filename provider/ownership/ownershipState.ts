import { z } from "zod";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { writtenOwners } from "../rules/declaredOwners";
import { type DeployedOwnership, type DeployedRule, type OwnershipSpec, ownershipSpec } from "../rules/rule";
import { keepsGiven, onCallHandlesOf, type RuleOwners } from "../rules/ruleOwners";
import { type DatadogAccount, storedAccount } from "../session/datadogAccount";

const rule = z.object({
  name: z.string(),
  query: z.string(),
  assignee: z.string().optional(),
  assignees: z
    .array(z.union([z.string(), z.object({ assignee: z.string(), weight: z.number().optional() })]))
    .optional(),
  pick: z.enum(["spread", "first"]).optional(),
  handOver: z.enum(["keep", "move"]).optional(),
  overwrite: z.boolean().default(false),
  note: z.string().optional(),
});
const deployedRule = z.object({ name: z.string(), query: z.string(), ownerIds: z.array(z.string()) });
const problem = z.object({
  findingId: z.string(),
  status: z.number(),
  title: z.string(),
  detail: z.string(),
});
const ruleResult = z.object({
  name: z.string(),
  assigneeId: z.string().optional(),
  assigneeIds: z.array(z.string()).optional(),
  assigned: z.number(),
});
/** A rule that the present rules still have is its place among them. */
const formerVersion = z.object({
  scope: z.string().optional(),
  exclude: z.array(z.string()).optional(),
  rules: z.array(z.union([z.number(), deployedRule])),
  replacedAt: z.string().optional(),
  openUntil: z.string().optional(),
});

const state = z.object({
  rules: z.array(rule),
  scope: z.string().optional(),
  exclude: z.array(z.string()).default([]),
  maxChanges: z.number().optional(),
  maxChangesPerOwner: z.number().optional(),
  onDelete: z.enum(["unassign", "keep"]).default("unassign"),
  releaseRemoved: z.boolean().default(false),
  results: z.array(ruleResult).default([]),
  total: z.number().default(0),
  unowned: z.number().default(0),
  failures: z.array(problem).default([]),
  former: z.array(formerVersion).default([]),
  assignedAt: z.string().optional(),
  teams: z.record(z.string(), z.string()).default({}),
  given: z.record(z.string(), z.array(z.string())).default({}),
  recentlyAssigned: z.object({ count: z.number(), since: z.string() }).optional(),
  account: storedAccount,
  resourceName: z.string().optional(),
});

/** What a rule did in the last deployment that changed something. */
export interface RuleResult {
  /** Of the rule. */
  readonly name: string;
  /**
   * Of the one user whom the rule names; absent where that user could not be found, and where the rule names
   * others.
   */
  readonly assigneeId?: string | undefined;
  /**
   * Of several owners, of a team, of who is on call, and of an e-mail that has passed to another user since:
   * all whose findings are as declared.
   */
  readonly assigneeIds?: readonly string[] | undefined;
  /** How many findings were assigned. */
  readonly assigned: number;
}

/** Rules that were deployed, and may hold findings. */
export interface DeployedVersion extends DeployedOwnership {
  /**
   * When the first deployment of other rules began, ms since the epoch by Datadog's clock: what was assigned
   * later is from others. undefined: not known, or they are the present ones.
   */
  readonly replacedAt?: number | undefined;
}

/** Rules of a deployment before the last one, which may still hold findings. */
export interface FormerVersion extends DeployedVersion {
  /**
   * Rules may take what it gave away, and the first deployment from this time on looks once more: the search
   * may not show all of it before, or some findings could not be handed over. 15 minutes after it was
   * replaced, as other resources may have handed something over to its rules up to then; ms since the epoch
   * by Datadog's clock. undefined: it only holds what the search has shown.
   */
  readonly openUntil: number | undefined;
}

/** Assignments that the search may not show yet. */
export interface RecentlyAssigned {
  /** How many, by all deployments since; findings of one ticket count once. */
  readonly count: number;
  /** When the first of these deployments asked Datadog, ms since the epoch by its clock. */
  readonly since: number;
}

/** The outputs of a FindingsOwnership: the rules and a summary, never the findings that they match. */
export interface OwnershipState {
  readonly spec: OwnershipSpec;
  readonly results: readonly RuleResult[];
  /** Findings that the last deployment assigned. */
  readonly total: number;
  /**
   * Findings in scope that no rule claims and nobody owns, as of the last change; 100 stands for 100 or more.
   */
  readonly unowned: number;
  /** The first 100 findings that could not be assigned. */
  readonly failures: readonly FindingProblem[];
  /**
   * Earlier versions of the rules, the newest first, each once. One goes as soon as a search shows that it
   * holds nothing which no present rule claims, later than 15 minutes after it was replaced.
   */
  readonly former: readonly FormerVersion[];
  /** When Datadog last accepted an assignment by these rules, ms since the epoch by its clock. */
  readonly assignedAt: number | undefined;
  readonly recentlyAssigned: RecentlyAssigned | undefined;
  /** The ids of teams in use, by handle. */
  readonly teams: Readonly<Record<string, string>>;
  /** By team: who was given findings by rules with `handOver: keep` while on call, the last first. */
  readonly given: Readonly<Record<string, readonly string[]>>;
  /** Whose findings these are; undefined: not known. */
  readonly account: DatadogAccount | undefined;
  readonly resourceName: string | undefined;
}

export function parseOwnershipState(props: unknown): OwnershipState {
  const { rules, scope, exclude, maxChanges, maxChangesPerOwner, ...parsed } = state.parse(props);
  const { onDelete, releaseRemoved, ...rest } = parsed;
  const { former, assignedAt, recentlyAssigned: recent, account, resourceName, ...summary } = rest;
  const bounds = { maxChanges, maxChangesPerOwner };
  const spec = ownershipSpec({ rules, scope, exclude, ...bounds, onDelete, releaseRemoved });
  const present = deployedRules(spec, summary.results);
  return {
    ...summary,
    spec,
    former: former.map((version) => ({
      scope: version.scope,
      exclude: version.exclude ?? exclude,
      rules: version.rules.flatMap((each) => (typeof each === "number" ? (present[each] ?? []) : each)),
      replacedAt: parseTime(version.replacedAt),
      openUntil: parseTime(version.openUntil),
    })),
    assignedAt: parseTime(assignedAt),
    recentlyAssigned: recent && { count: recent.count, since: Date.parse(recent.since) },
    account,
    resourceName,
  };
}

/** Plain JSON without undefined. */
export function storeOwnershipState(stored: OwnershipState): Record<string, unknown> {
  const { spec, results, total, unowned, failures, former, assignedAt, recentlyAssigned: recent } = stored;
  return withoutUndefined({
    // Notes are for reviewers, and stand in the inputs.
    rules: spec.rules.map(({ name, query, owners, overwrite }) => ({
      name,
      query,
      ...writtenOwners(owners),
      overwrite,
    })),
    scope: spec.scope,
    exclude: spec.exclude.length > 0 ? spec.exclude : undefined,
    maxChanges: spec.maxChanges,
    maxChangesPerOwner: spec.maxChangesPerOwner,
    onDelete: spec.onDelete,
    releaseRemoved: spec.releaseRemoved,
    results: results.map((result) => withoutUndefined({ ...result })),
    total,
    unowned,
    failures,
    former: former.length > 0 ? former.map((version) => storeFormer(version, stored)) : undefined,
    assignedAt: storeTime(assignedAt),
    recentlyAssigned: recent && { count: recent.count, since: new Date(recent.since).toISOString() },
    teams: unlessEmpty(stored.teams),
    given: unlessEmpty(stored.given),
    account: stored.account && withoutUndefined({ ...stored.account }),
    resourceName: stored.resourceName,
  });
}

/**
 * What takes most of the state is there once: rules and exclusions that are the present ones are only
 * referred to.
 */
export function storeFormer(
  { scope, exclude, rules, replacedAt, openUntil }: FormerVersion,
  { spec, results }: Pick<OwnershipState, "spec" | "results">,
): Record<string, unknown> {
  const present = deployedRules(spec, results).map((each) => JSON.stringify(each));
  return withoutUndefined({
    scope,
    exclude: JSON.stringify(exclude) === JSON.stringify(spec.exclude) ? undefined : exclude,
    rules: rules.map(({ name, query, ownerIds }) => {
      const each = { name, query, ownerIds };
      const place = present.indexOf(JSON.stringify(each));
      return place < 0 ? each : place;
    }),
    replacedAt: storeTime(replacedAt),
    openUntil: storeTime(openUntil),
  });
}

/** The rules as the last deployment meant them. */
export function lastVersion({ spec, results }: Pick<OwnershipState, "spec" | "results">): DeployedOwnership {
  return { scope: spec.scope, exclude: spec.exclude, rules: deployedRules(spec, results) };
}

/** The owners of each rule as the last deployment found them, in the order of the rules. */
export function ownersIn(stored: OwnershipState): (readonly string[])[] {
  return lastVersion(stored).rules.map(({ ownerIds }) => ownerIds);
}

/** The versions from which rules take over: the last one, and those that it did not finish. */
export function deployedBy(stored: OwnershipState | undefined): DeployedVersion[] {
  return stored
    ? [lastVersion(stored), ...stored.former.filter(({ openUntil }) => openUntil !== undefined)]
    : [];
}

/**
 * Who was given findings while on call for a team that a rule names, where the rule leaves these with them:
 * also those who got them by another rule, or before the rule's list of owners changed.
 */
export function givenOnCall(stored: Pick<OwnershipState, "given"> | undefined, owners: RuleOwners): string[] {
  if (!stored || !keepsGiven(owners)) return [];
  return [...new Set(onCallHandlesOf(owners).flatMap((handle) => givenFor(stored, handle)))];
}

/** Who was given findings while on call for a team, whose handle may be the name of any property. */
export function givenFor({ given }: Pick<OwnershipState, "given">, handle: string): readonly string[] {
  return (Object.hasOwn(given, handle) ? given[handle] : undefined) ?? [];
}

function deployedRules(
  { rules }: Pick<OwnershipSpec, "rules">,
  results: readonly RuleResult[],
): DeployedRule[] {
  const owners = new Map(results.map((result) => [result.name, ownersOfResult(result)]));
  return rules.map(({ name, query }) => ({ name, query, ownerIds: owners.get(name) ?? [] }));
}

/** UUIDs of the owners of a rule, as the last deployment found them. */
function ownersOfResult({ assigneeId, assigneeIds }: RuleResult): readonly string[] {
  return assigneeIds ?? (assigneeId === undefined ? [] : [assigneeId]);
}

function parseTime(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

function storeTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
