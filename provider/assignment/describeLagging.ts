import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { SEARCH_LAG_MS } from "../core/ownerJudgement";
import { firstIds } from "../messages/messages";
import type { ObservedFindings } from "../session/ownerLookup";
import { type AssignmentState, acceptedAtOf } from "./assignmentState";

const MINUTE_MS = 60_000;

/**
 * What a refresh says of findings that the search does not show with our owner yet, so soon after the
 * assignment that nobody can tell why; and when it can be told.
 */
export function describeLagging(
  state: Pick<AssignmentState, "recentlyAssigned">,
  lagging: readonly string[],
  { findings, answeredAt }: Pick<ObservedFindings, "findings" | "answeredAt">,
): string[] {
  const acceptedAt = acceptedAtOf(state);
  const byOwner = groupBy(lagging, (id) => (findings.get(id)?.assignee ? "somebody" : "nobody"));
  return [...byOwner].map(([owner, ids]) => {
    const [was, it, does] = ids.length === 1 ? ["was", "it", "it does"] : ["were", "them", "they do"];
    const [shown, since] =
      owner === "nobody"
        ? ["without an owner", `has unassigned ${it}`]
        : ["with another owner", `has reassigned ${it}`];
    // The last one decides: then all of them can be told.
    const known = Math.max(...ids.map((id) => acceptedAt(id) ?? answeredAt)) + SEARCH_LAG_MS;
    return (
      `${countOf(ids, "finding")} ${was} assigned less than 5 minutes ago, and the search shows ${it} ${shown}: either the search lags, ` +
      `or somebody ${since} since; ${does} not count as changed by hand yet; run pulumi refresh again after ${timeOf(known)} UTC: ${firstIds(ids)}`
    );
  });
}

/** `03:16`: the first full minute that is not before. */
function timeOf(ms: number): string {
  return new Date(Math.ceil(ms / MINUTE_MS) * MINUTE_MS).toISOString().slice(11, 16);
}
