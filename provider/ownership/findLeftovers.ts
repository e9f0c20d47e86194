import { groupBy } from "../core/groupBy";
import { BESIDE_IDS, findAmong } from "../datadog/findAmong";
import type { Finding } from "../datadog/model/findingsApi";
import { heldQueries, unclaimedQueries } from "../rules/heldQueries";
import type { DeployedOwnership, OwnershipContext } from "../rules/rule";
import { isNobody } from "../rules/ruleOwners";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { keepSharedTickets } from "../transfer/keepSharedTickets";
import { findStrays, NO_STRAYS } from "./findStrays";
import { holdsNothingElse, mayHaveAssigned } from "./formerVersions";
import { OtherOwnerships } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import { type FormerVersion, lastVersion, type OwnershipState } from "./ownershipState";
import type { Leftover, OwnershipPlan } from "./plannedOwnership";
import type { PlanSearch } from "./planSearch";
import { isRecentlyReleased } from "./recentReleases";
import { lagOf, SEARCH_TRUST_MS } from "./searchLag";

interface LeftoverSearch {
  readonly inputs: OwnershipInputs;
  readonly ownerIds: OwnershipContext["ownerIds"];
  readonly state: OwnershipState | undefined;
  /** Datadog's clock, ms since the epoch. */
  readonly answeredAt: number;
  /** What the present rules leave alone, as far as it was shown. */
  readonly leftAlone: { readonly findings: readonly Finding[]; readonly more: boolean };
}

type Leftovers = Pick<
  OwnershipPlan,
  "leftovers" | "declaredLeftovers" | "former" | "staying" | "unseen" | "heldBack" | "strays"
>;

const NOTHING_LEFT = {
  leftovers: [],
  declaredLeftovers: [],
  staying: [],
  unseen: undefined,
  heldBack: false,
  strays: NO_STRAYS,
};

/**
 * What earlier versions of the rules gave away, is still with its owner, and no rule of the program claims
 * any more: because a rule was taken out or matches less, the scope is narrower, or the finding is excluded
 * now. Asks Datadog where the rules changed, once more 15 minutes after that, and in each deployment that is
 * to release something.
 */
export async function findLeftovers(
  session: Session,
  search: PlanSearch,
  { inputs, ownerIds, state, answeredAt, leftAlone }: LeftoverSearch,
): Promise<Leftovers> {
  if (!state) return { ...NOTHING_LEFT, former: [] };
  const { spec } = inputs;
  const present = versionOf(inputs, ownerIds);
  const last = lastVersion(state);
  const changed = !holdsNothingElse(last, present);
  const versions: FormerVersion[] = [
    ...(changed ? [{ ...last, replacedAt: answeredAt, openUntil: answeredAt + SEARCH_TRUST_MS }] : []),
    ...state.former.filter((version) => !holdsNothingElse(version, present)),
  ];
  const isDue = versions.some(({ openUntil }) => openUntil !== undefined && openUntil <= answeredAt);
  const mustAsk = changed || spec.releaseRemoved || isDue;
  if (!mustAsk || versions.length === 0) return { ...NOTHING_LEFT, former: versions, staying: versions };
  const lag = lagOf(state, answeredAt);
  const others = await OtherOwnerships.of(session, inputs);
  const [strays, { found, holding, staying, more, unseen }] = await Promise.all([
    changed ? findStrays(session, versions, others, spec) : NO_STRAYS,
    readVersions(session, search, { others, versions, spec, lag, leftAlone, answeredAt }),
  ]);
  const seen = [...new Map(found.map((finding) => [finding.id, finding])).values()];
  const unclaimed = seen.filter(
    (finding) => !session.claims.has(finding.id) && !isRecentlyReleased(session, finding),
  );
  const declaredLeftovers = seen.filter(({ id }) => session.claims.has(id));
  const former = { declaredLeftovers, former: holding, staying, unseen, strays };
  if (!spec.releaseRemoved) return { leftovers: leftoversOf(unclaimed, more), ...former, heldBack: false };
  const { kept } = await keepSharedTickets(session, labelOf(inputs), unclaimed);
  const due = unclaimed.filter(({ id }) => !kept.has(id));
  search.addReleases(due, more);
  return { leftovers: leftoversOf(due, more), ...former, heldBack: kept.size > 0 };
}

interface VersionsToRead extends Pick<LeftoverSearch, "leftAlone" | "answeredAt"> {
  readonly others: OtherOwnerships;
  readonly versions: readonly FormerVersion[];
  readonly spec: OwnershipInputs["spec"];
  readonly lag: number | undefined;
}

/** What versions hold that no present rule claims, and which of them may hold something. */
async function readVersions(
  session: Session,
  search: PlanSearch,
  { others, versions, spec, lag, leftAlone, answeredAt }: VersionsToRead,
) {
  const found: Finding[] = [];
  const holding: FormerVersion[] = [];
  const staying: FormerVersion[] = [];
  let more = false;
  let unseen: number | undefined;
  for (const version of versions) {
    const atMost = spec.releaseRemoved ? search.allowed + spec.exclude.length : COUNTED_FINDINGS;
    const left = await leftBy(session, others, version, spec, atMost);
    found.push(...left.findings);
    more ||= left.more;
    const mayHoldMore = version.openUntil !== undefined && version.openUntil > answeredAt;
    if (left.asked && mayHoldMore) unseen = lag;
    const kept = mayHoldMore ? version : { ...version, openUntil: undefined };
    const stays = await mayStayWith(session, version, spec, leftAlone);
    if (stays) staying.push(kept);
    if (left.findings.length > 0 || mayHoldMore || stays) holding.push(kept);
  }
  return { found, holding, staying, more, unseen };
}

/**
 * Whether a present rule may leave alone what a version gave away: it stays with its owner, and a destroy
 * releases it. A request for each 100 findings that are left alone with an owner of the version.
 */
async function mayStayWith(
  session: Session,
  version: FormerVersion,
  spec: OwnershipInputs["spec"],
  leftAlone: LeftoverSearch["leftAlone"],
): Promise<boolean> {
  // Not all of what is left alone is known.
  if (leftAlone.more || spec.rules.some(({ owners }) => isNobody(owners))) return true;
  const ids = leftAlone.findings
    .filter((finding) => mayHaveAssigned(version, finding))
    .filter(({ assignee }) =>
      version.rules.some(({ ownerIds }) => assignee && ownerIds.includes(assignee.id)),
    )
    .map(({ id }) => id);
  if (ids.length === 0) return false;
  const among = await Promise.all(
    heldQueries(version, BESIDE_IDS).map((query) => findAmong(session, ids, query)),
  );
  return among.flat().some(({ id }) => !version.exclude.includes(id));
}

/** So many are counted for each version where the number is only told. */
const COUNTED_FINDINGS = 1_000;

function versionOf({ spec }: OwnershipInputs, ownerIds: OwnershipContext["ownerIds"]): DeployedOwnership {
  const rules = spec.rules.map(({ name, query }, index) => ({
    name,
    query,
    ownerIds: ownerIds[index] ?? [],
  }));
  return { scope: spec.scope, exclude: spec.exclude, rules };
}

async function leftBy(
  session: Session,
  others: OtherOwnerships,
  version: FormerVersion,
  spec: OwnershipInputs["spec"],
  atMost: number,
): Promise<{ findings: readonly Finding[]; more: boolean; asked: boolean }> {
  const wasExcluded = new Set(version.exclude);
  const queries = unclaimedQueries(version, spec);
  const found = await Promise.all(queries.map((query) => others.find({ query, ownerId: undefined }, atMost)));
  const excludedSince = spec.exclude.filter((id) => !wasExcluded.has(id));
  const held = excludedSince.length > 0 ? heldQueries(version, BESIDE_IDS) : [];
  const among = await Promise.all(held.map((query) => findAmong(session, excludedSince, query)));
  const excluded = await others.releasable(among.flat());
  const findings = [...found.flatMap((each) => each?.findings ?? []), ...excluded];
  return {
    findings: findings.filter((each) => !wasExcluded.has(each.id) && mayHaveAssigned(version, each)),
    more: found.some((each) => each?.more),
    asked: queries.length > 0 || held.length > 0,
  };
}

function leftoversOf(findings: readonly Finding[], more: boolean): Leftover[] {
  return [...groupBy(findings, ({ assignee }) => assignee?.id)].flatMap(([, group]) => {
    const owner = group[0]?.assignee;
    return owner ? [{ owner, findings: group, more }] : [];
  });
}
