import { z } from "zod";
import { without } from "../core/findingSet";
import { groupBy } from "../core/groupBy";
import { SEARCH_LAG_MS } from "../core/ownerJudgement";
import { atPositions, positionsOf } from "../core/positions";

/** Findings that Datadog accepted for their owner at one time. */
export interface Acceptance {
  /** ms since the epoch, by Datadog's clock. */
  readonly at: number;
  readonly findingIds: readonly string[];
}

/**
 * As the state stores them, to keep ids from standing there twice: for each deployment its time, and the
 * positions of its findings in the sorted list of all ids of the state. Without positions: all of them.
 */
export const storedAcceptances = z
  .array(z.object({ at: z.string(), findings: z.array(z.number().int().nonnegative()).optional() }))
  .catch([]);

/** @param ids all that the state holds, sorted */
export function parseAcceptances(
  stored: z.infer<typeof storedAcceptances>,
  ids: readonly string[],
): Acceptance[] {
  return stored.flatMap(({ at, findings }) => {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return [];
    return { at: time, findingIds: findings ? atPositions(ids, findings) : ids };
  });
}

/** @param ids all that the state holds, sorted */
export function storeAcceptances(
  acceptances: readonly Acceptance[],
  ids: readonly string[],
): z.infer<typeof storedAcceptances> {
  return acceptances.flatMap(({ at, findingIds }) => {
    const findings = positionsOf(ids, findingIds);
    if (findings.length === 0) return [];
    const all = findings[0] === 0 && findings[1] === ids.length;
    return { at: new Date(at).toISOString(), ...(!all && { findings }) };
  });
}

/**
 * Adds the assignments of a deployment, the latest first. Of each finding only the latest stays. An entry is
 * dropped once it is so much older than the latest one that the search must show it.
 * @param accepted when Datadog accepted each finding: a person may have changed one while others were sent
 */
export function addAcceptances(
  earlier: readonly Acceptance[],
  accepted: ReadonlyMap<string, number>,
): Acceptance[] {
  const byTime = groupBy(accepted.keys(), (id) => accepted.get(id) ?? 0);
  const added = [...byTime]
    .map(([at, findingIds]) => ({ at, findingIds }))
    .sort((one, other) => other.at - one.at);
  const [latest] = added;
  if (!latest) return [...earlier];
  const recent = earlier
    .filter(({ at }) => Math.abs(latest.at - at) < SEARCH_LAG_MS)
    .map(({ at, findingIds }) => ({ at, findingIds: findingIds.filter((id) => !accepted.has(id)) }))
    .filter((acceptance) => acceptance.findingIds.length > 0);
  return [...added, ...recent];
}

/** What another resource declares by now may have been assigned for that one in the same second. */
export function withoutFindings(
  acceptances: readonly Acceptance[],
  findingIds: readonly string[],
): Acceptance[] {
  return acceptances
    .map(({ at, findingIds: accepted }) => ({ at, findingIds: without(accepted, findingIds) }))
    .filter((acceptance) => acceptance.findingIds.length > 0);
}

/**
 * When Datadog accepted our assignment of a finding; undefined: so long ago that the search shows it, or
 * never.
 */
export function acceptanceTimes(
  acceptances: readonly Acceptance[],
): (findingId: string) => number | undefined {
  const times = new Map<string, number>();
  for (const { at, findingIds } of acceptances.toReversed()) for (const id of findingIds) times.set(id, at);
  return (findingId) => times.get(findingId);
}
