import { groupBy } from "../core/groupBy";
import type { Finding } from "../datadog/model/findingsApi";
import type { DeployedOwnership } from "../rules/rule";
import type { DeployedVersion, FormerVersion } from "./ownershipState";

/** Datadog's `Date` has whole seconds. */
const DATE_STEP_MS = 1_000;

/** The most earlier versions that a state keeps, and how long they may be together, in characters. */
const MOST_VERSIONS = 8;
const MOST_CHARACTERS = 8_000;

export interface KeptVersions {
  readonly kept: readonly FormerVersion[];
  /** Those for which there is no room: what they gave away is forgotten. */
  readonly forgotten: readonly FormerVersion[];
}

/**
 * Each version once, and as many as there is room for, the newest first.
 * @param sizeOf how long a version is in the state, in characters
 */
export function boundedVersions(
  versions: readonly FormerVersion[],
  sizeOf: (version: FormerVersion) => number,
): KeptVersions {
  const distinct = [...groupBy(versions, rulesOf).values()].flatMap(merged);
  let characters = 0;
  const kept = distinct.filter((version, index) => {
    characters += sizeOf(version);
    return index === 0 || (index < MOST_VERSIONS && characters <= MOST_CHARACTERS);
  });
  return { kept, forgotten: distinct.filter((version) => !kept.includes(version)) };
}

/** Whether a version can hold nothing that another one does not give to the same owners. */
export function holdsNothingElse(version: DeployedOwnership, other: DeployedOwnership): boolean {
  const excluded = new Set(version.exclude);
  return rulesOf(version) === rulesOf(other) && other.exclude.every((id) => excluded.has(id));
}

/**
 * Whether a finding may have its owner from a version. What was assigned after the version was replaced is
 * from others: a person, or another resource whose rule has taken what the version gave away.
 */
export function mayHaveAssigned({ replacedAt }: DeployedVersion, { assignee }: Finding): boolean {
  if (replacedAt === undefined || assignee?.updatedAt === undefined) return true;
  return assignee.updatedAt < replacedAt + DATE_STEP_MS;
}

/** What decides who gets what, names aside. */
function rulesOf({ scope, rules }: DeployedOwnership): string {
  return JSON.stringify([scope, rules.map(({ query, ownerIds }) => [query, ownerIds])]);
}

/** Versions of the same rules: what one of them did not exclude may be with its owner. */
function merged(versions: readonly FormerVersion[]): FormerVersion[] {
  const [newest] = versions;
  if (!newest) return [];
  const exclude = newest.exclude.filter((id) => versions.every((version) => version.exclude.includes(id)));
  const openUntil = versions.flatMap((version) => version.openUntil ?? []);
  const replacedAt = versions.flatMap((version) => version.replacedAt ?? []);
  return [
    {
      ...newest,
      exclude,
      replacedAt: replacedAt.length === versions.length ? Math.max(...replacedAt) : undefined,
      openUntil: openUntil.length > 0 ? Math.max(...openUntil) : undefined,
    },
  ];
}
