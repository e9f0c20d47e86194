import { groupBy } from "../core/groupBy";
import type { FindingState, ReportData, ReportedFinding } from "./reportData";

/** How many findings there are in each state. */
export interface StateCounts {
  readonly matched: number;
  readonly asDeclared: number;
  readonly toChange: number;
  readonly leftAlone: number;
  /** Those that nobody can be given to. */
  readonly noOwner: number;
}

/** A state as a column: its head, and what it counts. */
export type StateColumn = readonly [label: string, state: Exclude<keyof StateCounts, "matched">];

/** The states in the order of columns; those that nobody can be given to only where there are any. */
export function stateColumns({ noOwner }: StateCounts): StateColumn[] {
  return [
    ["as declared", "asDeclared"],
    ["to change", "toChange"],
    ["left alone", "leftAlone"],
    ...(noOwner > 0 ? [["no owner", "noOwner"] as StateColumn] : []),
  ];
}

export interface RuleSummary extends StateCounts {
  readonly name: string;
  readonly owner: string;
  readonly more: boolean;
  readonly bySeverity: ReadonlyMap<string, number>;
}

export interface ReportSummary {
  readonly rules: readonly RuleSummary[];
  readonly total: StateCounts & { readonly more: boolean };
  /** Of all findings, claimed or not, the worst first. */
  readonly severities: readonly (StateCounts & { readonly severity: string; readonly unclaimed: number })[];
  /** Claimed by no rule. */
  readonly unowned: readonly ReportedFinding[];
  readonly ownedUnclaimed: number;
}

const SEVERITIES = ["critical", "high", "medium", "low", "info", "none", "unknown"];

/** The worst first; those that Datadog does not document at the end. */
export function bySeverity(one: string, other: string): number {
  const rank = (severity: string) =>
    SEVERITIES.includes(severity) ? SEVERITIES.indexOf(severity) : SEVERITIES.length;
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

export function summarise({ rules, findings }: ReportData): ReportSummary {
  const byRule = groupBy(findings, ({ rule }) => rule);
  const ofSeverity = groupBy(findings, ({ severity }) => severity);
  const unclaimed = byRule.get(null) ?? [];
  return {
    rules: rules.map(({ name, owner, more }) => {
      const own = byRule.get(name) ?? [];
      return { name, owner, more, ...countStates(own), bySeverity: countSeverities(own) };
    }),
    total: {
      ...countStates(findings.filter(({ rule }) => rule !== null)),
      more: rules.some(({ more }) => more),
    },
    severities: [...ofSeverity]
      .sort(([one], [other]) => bySeverity(one, other))
      .map(([severity, all]) => ({
        severity,
        ...countStates(all.filter(({ rule }) => rule !== null)),
        unclaimed: all.filter(({ rule }) => rule === null).length,
      })),
    unowned: unclaimed.filter(({ owner }) => owner === null),
    ownedUnclaimed: unclaimed.filter(({ owner }) => owner !== null).length,
  };
}

/** How many findings there are of each severity, the worst first. */
export function countSeverities(findings: readonly ReportedFinding[]): Map<string, number> {
  const groups = groupBy(findings, ({ severity }) => severity);
  return new Map(
    [...groups]
      .sort(([one], [other]) => bySeverity(one, other))
      .map(([severity, all]) => [severity, all.length]),
  );
}

/** How many findings have each owner, most first; null: nobody. */
export function countOwners(findings: readonly ReportedFinding[]): [owner: string | null, count: number][] {
  return [...groupBy(findings, ({ owner }) => owner)]
    .map(([owner, all]): [string | null, number] => [owner, all.length])
    .sort(([, one], [, other]) => other - one);
}

function countStates(findings: readonly ReportedFinding[]): StateCounts {
  const inState = (state: FindingState) => findings.filter((each) => each.state === state).length;
  return {
    matched: findings.length,
    asDeclared: inState("asDeclared"),
    toChange: inState("toChange"),
    leftAlone: inState("leftAlone"),
    noOwner: inState("noOwner"),
  };
}
