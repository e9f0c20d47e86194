import { count } from "../../core/count";
import { givenTo } from "../../core/ownership/givenTo";
import { type OwnershipQueries, ruleQueries } from "../../core/ownership/ruleQueries";
import { NOTHING } from "../../core/query/catchAll";
import type { Finding } from "../../datadog/findingsApi";
import { ReportBuilder } from "../assignFindings";
import { explainFailures } from "../messages";
import type { Session } from "../session";
import { describeLag } from "./describePlan";
import { BESIDE_IDS } from "./findAmong";
import { givenLately, lagOf } from "./givenLately";
import { letGo } from "./handOver";
import { type HeldQuery, OtherOwnerships } from "./otherOwnerships";
import { type OwnershipState, parseOwnershipState } from "./ownershipState";

/**
 * Releases the findings that match a rule and still belong to its owner, or to the owner from whom an unfinished deployment was to
 * take them, unless `onDelete` is "keep". Left alone: what other rules of the program give to the same owner, and what a
 * FindingsAssignment declares.
 */
export async function deleteOwnership(
  session: Session,
  props: Readonly<Record<string, unknown>>,
): Promise<void> {
  const state = parseOwnershipState(props);
  const label = state.resourceName ?? "FindingsOwnership";
  if (state.spec.onDelete === "keep") {
    session.print(`${label}: the findings keep their owners (onDelete is "keep")`);
    return;
  }
  const others = await OtherOwnerships.of(session);
  const held = await heldFindings(session, state, others);
  const report = new ReportBuilder();
  const inherited = await letGo(session, label, held, report);
  const { failed: failures, done, ambiguous } = report.build();
  const released = done.filter((id) => !inherited.has(id));
  session.print(`${label}: ${count(released.length)} findings released${keptBy(others)}`);
  const lag = lagOf(session, state);
  if (lag !== undefined) {
    session.print(
      `${label}: warning: ${describeLag(lag)}: what was assigned then may stay with its owners; ` +
        "to release it as well, run pulumi up with these rules again and delete them later than that",
    );
  }
  if (failures.length === 0) return;
  const succeeded = held.length - failures.length;
  const summary = { failures, wanted: "unassigned", succeeded, ambiguous: ambiguous.length };
  throw new Error(explainFailures({ ...summary, total: held.length }).join("\n"));
}

function keptBy({ declared }: OtherOwnerships): string {
  if (declared.length === 0) return "";
  const names = declared.map(({ resourceName }) => `"${resourceName ?? "FindingsOwnership"}"`);
  return `; what ${names.join(", ")} gives to the same owners stays`;
}

async function heldFindings(
  session: Session,
  state: OwnershipState,
  others: OtherOwnerships,
): Promise<Finding[]> {
  const owners = new Map(state.results.map(({ name, assigneeId }) => [name, assigneeId]));
  const rules = state.spec.rules.filter(({ name }) => owners.has(name));
  const ownerIds = rules.map(({ name }) => owners.get(name) ?? "");
  const spec = { ...state.spec, rules };
  const queries = ruleQueries(spec, { ownerIds, deployed: state.former });
  const found = await Promise.all(
    heldQueries(queries, others)
      .filter(({ query }) => query !== NOTHING)
      .map((held) => others.find(held)),
  );
  const held = new Map(found.flatMap(({ findings }) => findings).map((finding) => [finding.id, finding]));
  const given = [
    ...[...new Set(ownerIds)].map((ownerId) => ({
      ownerId,
      queries: givenTo(spec, ownerIds, ownerId, BESIDE_IDS),
    })),
    ...queries.released.map(({ ownerId, matched }) => ({ ownerId, queries: [matched] })),
  ];
  const late =
    lagOf(session, state) === undefined ? [] : await heldLately(session, given, others, new Set(held.keys()));
  for (const finding of late) held.set(finding.id, finding);
  const excluded = new Set(spec.exclude);
  return [...held.values()].filter(({ id }) => !excluded.has(id) && !session.claims.has(id));
}

/** All rules together where nothing else is declared; otherwise each rule by itself, which may be declared elsewhere. */
function heldQueries(queries: OwnershipQueries, { declared }: OtherOwnerships): HeldQuery[] {
  const { owned, rules, released } = queries;
  return [
    ...(declared.length === 0
      ? owned.map(({ query }) => ({ query, ownerId: undefined }))
      : rules.map((rule) => ({ query: rule.owned, ownerId: rule.ownerId }))),
    ...rules.map(({ former }) => ({ query: former, ownerId: undefined })),
    ...released.map(({ query, ownerId }) => ({ query, ownerId })),
  ];
}

/** What the rules gave away so lately that the search may not show it. */
async function heldLately(
  session: Session,
  given: ReadonlyArray<{ readonly ownerId: string; readonly queries: readonly string[] }>,
  others: OtherOwnerships,
  found: ReadonlySet<string>,
): Promise<Finding[]> {
  const late = await Promise.all(
    given.map(async ({ ownerId, queries }) => {
      const findings = await givenLately(session, ownerId, queries, found);
      return others.releasable(ownerId, findings);
    }),
  );
  return late.flat();
}
