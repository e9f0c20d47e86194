import { isOneTypoAway } from "../core/typo";
import type { Session } from "../session/session";

/** So many ids that are not shown are compared with others. */
const COMPARED = 10;

/** A line for each of the first ids that probably mean another one. */
export function nearFindings(
  session: Pick<Session, "claims" | "leaving">,
  findingIds: readonly string[],
  formerIds: readonly string[],
): string[] {
  return findingIds.slice(0, COMPARED).flatMap((id) => {
    const near = nearFinding(session, id, formerIds);
    return near === undefined ? [] : [`Datadog shows no finding ${id}; did you mean ${near}?`];
  });
}

/**
 * The known id that is probably meant by one that the search does not show: one typo away, or without the
 * `=` at its end. Known without a request are the ids that the program declares and those that lists had
 * until now; Datadog's search finds whole ids only. undefined: none, or several.
 * @param formerIds what the resource had until now
 */
function nearFinding(
  { claims, leaving }: Pick<Session, "claims" | "leaving">,
  findingId: string,
  formerIds: readonly string[],
): string | undefined {
  const known = new Set([...formerIds, ...leaving.keys(), ...claims.findingIds]);
  const near = [...known].filter((id) => id !== findingId && isNear(findingId, id));
  return near.length === 1 ? near[0] : undefined;
}

function isNear(one: string, other: string): boolean {
  return isOneTypoAway(one, other) || withoutPadding(one) === withoutPadding(other);
}

function withoutPadding(id: string): string {
  return id.replace(/=+$/, "");
}
