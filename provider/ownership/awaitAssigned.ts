import { count, findingsOf } from "../core/count";
import type { Finding } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { heldQueries, reassignedQueries } from "../rules/heldQueries";
import type { DeployedOwnership } from "../rules/rule";
import type { Session } from "../session/session";
import type { DeployedVersion, OwnershipState } from "./ownershipState";
import { lagOf, SEARCH_TRUST_MS, timeOfDay } from "./searchLag";
import { countChanges, heldBy, type ShownFindings, together, withoutExcluded } from "./shownFindings";

/**
 * How long the search is given to show what was assigned, ms; the waits begin with the first and double up to
 * the longest.
 */
const MOST_WAITING_MS = 5 * 60_000;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * What versions of rules hold, as soon as the search shows as many findings as were assigned less than 15
 * minutes ago: those that still belong to an owner of the rules, and those that somebody has got since. What
 * was unassigned or closed since does not show; so from 15 minutes after the last assignment on the search is
 * believed as it is. Lags of up to 8 minutes occur.
 * @param first what a search has shown already
 * @throws Error after 5 minutes of asking, with what to do
 */
export async function awaitAssigned(
  session: Session,
  label: string,
  state: Pick<OwnershipState, "assignedAt" | "recentlyAssigned">,
  versions: readonly DeployedVersion[],
  first?: ShownFindings,
): Promise<readonly Finding[]> {
  const { count: expected, since } = state.recentlyAssigned ?? { count: 0, since: 0 };
  const assignedAt = state.assignedAt ?? 0;
  let waitedMs = 0;
  const searchHeld = () => search(session, versions, heldQueries, heldBy);
  let held = first ?? (await searchHeld());
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    // Who has had a finding for an unknown time may have had it before.
    const seen = countChanges(held.findings.filter(({ assignee }) => (assignee?.updatedAt ?? 0) >= since));
    if (seen >= expected || lagOf(state, held.answeredAt) === undefined) return held.findings;
    const others = await search(session, versions, reassignedQueries, withoutExcluded);
    // Whole seconds: what came in the same one may have come before.
    const elsewhere = others.findings.filter(
      ({ assignee }) => (assignee?.updatedAt ?? 0) >= assignedAt + 1_000,
    );
    const shown = seen + countChanges(elsewhere);
    if (shown >= expected) return held.findings;
    const said =
      `Datadog's search shows ${count(shown)} of up to ${findingsOf(expected)} that these rules assigned, ` +
      `the last at ${timeOfDay(assignedAt)}`;
    if (waitedMs >= MOST_WAITING_MS) {
      throw new Error(
        `${label}: ${said}; it may lag, or the others may be closed or reassigned by now; nothing was released, so that no finding is ` +
          "left behind: run the same command again later; from " +
          `${timeOfDay(assignedAt + SEARCH_TRUST_MS)} on it releases what the search shows`,
      );
    }
    const restMs = Math.min(waitMs, MOST_WAITING_MS - waitedMs);
    session.print(`${label}: ${said}; asking again in ${restMs / 1_000} s, for 5 minutes at most`);
    await session.clock.sleep(restMs, session.cancelled);
    waitedMs += restMs;
    held = await searchHeld();
  }
}

async function search(
  { api, cancelled: signal }: Session,
  versions: readonly DeployedVersion[],
  queriesOf: (version: DeployedOwnership) => readonly string[],
  among: (version: DeployedVersion, shown: ShownFindings) => ShownFindings,
): Promise<ShownFindings> {
  const all = versions.flatMap((version) =>
    queriesOf(version).map(async (query) =>
      among(version, await searchAll(api, { query, atMost: Number.POSITIVE_INFINITY, signal })),
    ),
  );
  return together(await Promise.all(all));
}
