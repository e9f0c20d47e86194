import type { OwnershipQueries, ReleaseQuery } from "../../core/ownership/ruleQueries";
import type { Finding } from "../../datadog/findingsApi";
import type { Session } from "../session";
import { givenLately, lagOf, releasedLately } from "./givenLately";
import { OtherOwnerships } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipState } from "./ownershipState";
import type { PlanSearch } from "./planSearch";

/** What a rule that was taken out of the list gives back. */
export interface PlannedRelease {
  readonly name: string;
  readonly ownerId: string;
  readonly findings: readonly Finding[];
  /** Whether there are more than these: then nothing is sent. */
  readonly more: boolean;
}

/** With `releaseRemoved`: what rules that are gone had given away, and no rule of the program gives to the same owner now. */
export async function planReleases(
  session: Session,
  search: PlanSearch,
  { released }: OwnershipQueries,
  inputs: OwnershipInputs,
  state: OwnershipState | undefined,
): Promise<{ releases: readonly PlannedRelease[]; unseen: number | undefined }> {
  if (released.length === 0) return { releases: [], unseen: undefined };
  const others = await OtherOwnerships.of(session, inputs);
  const lag = lagOf(session, state);
  const releases: PlannedRelease[] = [];
  for (const query of released) {
    const { findings, more } = await others.find(query, search.allowed + inputs.spec.exclude.length);
    const late = lag === undefined ? [] : await lateReleases(session, others, query, findings);
    const seen = new Map([...late, ...findings].map((finding) => [finding.id, finding]));
    const due = [...seen.values()].filter((finding) => !releasedLately(session, finding));
    const { name, ownerId } = query;
    releases.push({ name, ownerId, findings: search.add(due, more).findings, more });
  }
  return { releases, unseen: lag };
}

async function lateReleases(
  session: Session,
  others: OtherOwnerships,
  { ownerId, matched }: ReleaseQuery,
  found: readonly Finding[],
): Promise<Finding[]> {
  const late = await givenLately(session, ownerId, [matched], new Set(found.map(({ id }) => id)));
  return others.releasable(ownerId, late);
}
