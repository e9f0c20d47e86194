import type { Day } from "../core/day";
import type { Finding, FindingsApi } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { idleRuleMessage } from "../messages/idleRuleMessage";
import { NOTHING } from "../query/catchAll";
import { allOf } from "../query/combineQueries";
import { effectiveOwnership } from "../rules/effectiveOwnership";
import type { OwnershipContext, OwnershipRule, OwnershipSpec } from "../rules/rule";
import { isNobody } from "../rules/ruleOwners";
import { ruleQueries } from "../rules/ruleQueries";
import { unclaimedQuery } from "../rules/unclaimedQuery";
import { loadOwnershipFile } from "../rulesFile/ownershipFile";
import { KnownUsers } from "../session/knownUsers";
import { OwnerDirectory } from "../session/ownerDirectory";
import type { LastOwner } from "../session/resolveOwner";
import { decideByRules } from "../transfer/decideByRules";
import { BesideRules } from "./besideRules";
import type { FindingState, ReportData, ReportedFinding } from "./reportData";
import { findOnCall } from "./reportedOnCall";
import { findReportedOwners, type ReportedOwners } from "./reportedOwners";
import { findReportedUsers } from "./reportedUsers";

interface Counted {
  readonly findings: readonly Finding[];
  /** There are more than were counted. */
  readonly more: boolean;
}

/**
 * What the rules of a file cover, and who owns it now: one request for each 100 findings in scope, one for
 * each user who owns any of them, one for each rule that has none, and those for the owners of the rules.
 * @param limit the most findings that are counted for a rule, and of what no rule claims
 */
export async function collectReport(
  api: FindingsApi,
  file: string,
  limit: number,
  today: Day,
  beside: BesideRules = BesideRules.nothing,
): Promise<ReportData> {
  const spec = beside.within(effectiveOwnership(loadOwnershipFile(file, today).declaration, today));
  const known = new KnownUsers();
  const directory = new OwnerDirectory(api, { users: known });
  const owners = await Promise.all(
    spec.rules.map(async (rule) =>
      withLast(await findReportedOwners(directory, rule), beside.lastOwner(rule)),
    ),
  );
  const context = { ownerIds: owners.map(({ ownerIds }) => ownerIds), deployed: beside.deployed };
  const find = finder(api, spec, limit);
  const findings: ReportedFinding[] = [];
  const names = new Map<string, string>();
  const add = (
    found: readonly Finding[],
    rule: string | null,
    stateOf: (finding: Finding) => FindingState,
  ) => {
    for (const finding of found) {
      findings.push(reported(finding, rule, stateOf(finding)));
      if (finding.assignee?.name !== undefined) names.set(finding.assignee.id, finding.assignee.name);
    }
  };
  const rules: ReportData["rules"] = [];
  for (const [index, { matched }] of ruleQueries(spec, context).rules.entries()) {
    const rule = spec.rules[index];
    const owner = owners[index];
    if (!rule || !owner) continue;
    const counted = await find(matched);
    const reclaimed = await findReclaimed(api, spec, context, counted.findings);
    add(counted.findings, rule.name, stateBy(rule, owner, reclaimed));
    const { name, query, assignee } = rule;
    const idle = counted.findings.length > 0 ? undefined : await idleNote(api, spec, rule);
    const { problem, passedOver } = owner;
    rules.push({
      name,
      query,
      owner: assignee,
      more: counted.more,
      ...(problem !== undefined && { problem }),
      ...(passedOver.length > 0 && { passedOver: [...passedOver] }),
      ...(idle !== undefined && { idle }),
    });
  }
  const unclaimed = await find(unclaimedQuery(spec));
  add(unclaimed.findings, null, () => "unclaimed");
  const onCall = await findOnCall(api, directory, spec);
  return {
    format: 1,
    file,
    day: today,
    scope: spec.scope ?? null,
    limit,
    rules,
    moreUnclaimed: unclaimed.more,
    ...(beside.state && { stack: beside.state.stack }),
    leftOut: beside.leftOut.map(({ by, findingIds }) => ({ by, count: findingIds.length })),
    findings,
    users: { ...onCallUsers(known, onCall), ...(await findReportedUsers(api, findings, names)) },
    onCall,
  };
}

function finder(
  api: Pick<FindingsApi, "search">,
  { exclude }: OwnershipSpec,
  limit: number,
): (query: string) => Promise<Counted> {
  const excluded = new Set(exclude);
  return async (query) => {
    if (query === NOTHING) return { findings: [], more: false };
    // So many more that what is excluded takes no place of what is counted.
    const found = await searchAll(api, { query, atMost: limit + excluded.size });
    const findings = found.findings.filter(({ id }) => !excluded.has(id));
    return { findings: findings.slice(0, limit), more: found.more || findings.length > limit };
  };
}

/**
 * What the last deployment knew: who was given findings while on call keeps them, and a rule whose owner
 * cannot be found now takes nothing from the one it had.
 */
function withLast(owner: ReportedOwners, { ownerIds, given }: LastOwner): ReportedOwners {
  const right = owner.problem === undefined ? owner.ownerIds : [...owner.ownerIds, ...ownerIds];
  return { ...owner, ownerIds: [...new Set([...right, ...given])] };
}

/**
 * Which findings rules take from owners to whom an earlier deployment gave them, by id. A request for each
 * query that only Datadog can decide, and 100 findings; none where nothing was deployed.
 */
async function findReclaimed(
  api: Pick<FindingsApi, "search">,
  spec: OwnershipSpec,
  context: OwnershipContext,
  findings: readonly Finding[],
): Promise<ReadonlySet<string>> {
  const former = new Set(context.deployed.flatMap(({ rules }) => rules.flatMap(({ ownerIds }) => ownerIds)));
  const among = findings.filter(({ assignee }) => assignee && former.has(assignee.id.toLowerCase()));
  const verdicts = await decideByRules({ api }, spec, context, among);
  return new Set([...verdicts].flatMap(([id, { outcome }]) => (outcome === "assign" ? [id] : [])));
}

/** A rule that leaves its findings alone has them as declared, whoever owns them. */
function stateBy(
  { owners, overwrite }: OwnershipRule,
  { ownerIds, problem }: ReportedOwners,
  reclaimed: ReadonlySet<string>,
): (finding: Finding) => FindingState {
  return ({ id, assignee }) => {
    if (isNobody(owners) || (assignee && ownerIds.includes(assignee.id.toLowerCase()))) return "asDeclared";
    if (assignee !== null && !overwrite && !reclaimed.has(id)) return "leftAlone";
    return problem === undefined ? "toChange" : "noOwner";
  };
}

/** Why a rule has no findings. */
async function idleNote(
  api: Pick<FindingsApi, "search">,
  { scope }: OwnershipSpec,
  { name, query }: OwnershipRule,
): Promise<string> {
  const { findings } = await api.search({ query: allOf(scope ?? "", query), limit: 1 });
  if (findings.length === 0) return idleRuleMessage(name, query, scope);
  return `rule "${name}": all that it matches is excluded, or belongs to rules before it`;
}

function onCallUsers(known: KnownUsers, onCall: ReportData["onCall"]): ReportData["users"] {
  return Object.fromEntries(
    onCall.map(({ user }) => [user, { name: known.label({ id: user }), status: "active" as const }]),
  );
}

function reported(finding: Finding, rule: string | null, state: FindingState): ReportedFinding {
  return {
    id: finding.id,
    title: finding.title,
    severity: finding.severity ?? "unknown",
    rule,
    state,
    owner: finding.assignee?.id ?? null,
  };
}
