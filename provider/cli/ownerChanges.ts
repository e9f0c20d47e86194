import { type ReportData, userName } from "./reportData";

/** A finding whose owner is another one than in an earlier report. */
export interface OwnerChange {
  readonly id: string;
  readonly title: string | null;
  readonly severity: string;
  /** Names; `nobody` where there was or is none. */
  readonly from: string;
  readonly to: string;
}

/** What changed between two reports. */
export interface OwnerChanges {
  /** The day of the earlier report. */
  readonly since: string;
  /** Findings that both reports have, with different owners. */
  readonly changed: readonly OwnerChange[];
  /** Findings that only the later one has, and only the earlier one. */
  readonly appeared: number;
  readonly disappeared: number;
  /** One of the two did not count to the end, so findings may be missing in it. */
  readonly partial: boolean;
}

export function ownerChanges(earlier: ReportData, later: ReportData): OwnerChanges {
  const before = new Map(earlier.findings.map((finding) => [finding.id, finding]));
  const after = new Set(later.findings.map(({ id }) => id));
  const changed = later.findings.flatMap(({ id, title, severity, owner }) => {
    const old = before.get(id);
    if (!old || old.owner === owner) return [];
    return [{ id, title, severity, from: userName(earlier, old.owner), to: userName(later, owner) }];
  });
  const isPartial = ({ rules, moreUnclaimed }: ReportData) => moreUnclaimed || rules.some(({ more }) => more);
  return {
    since: earlier.day,
    changed,
    appeared: later.findings.filter(({ id }) => !before.has(id)).length,
    disappeared: earlier.findings.filter(({ id }) => !after.has(id)).length,
    partial: isPartial(earlier) || isPartial(later),
  };
}

/** How many findings went from whom to whom, most first. */
export function changeCounts({ changed }: OwnerChanges): { from: string; to: string; count: number }[] {
  const counts = new Map<string, { from: string; to: string; count: number }>();
  for (const { from, to } of changed) {
    const key = JSON.stringify([from, to]);
    const known = counts.get(key) ?? { from, to, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}
