import type { Finding } from "../datadog/model/findingsApi";
import type { DeployedOwnership } from "../rules/rule";
import { mayHaveAssigned } from "./formerVersions";
import type { DeployedVersion } from "./ownershipState";

/** What searches have shown. */
export interface ShownFindings {
  readonly findings: readonly Finding[];
  /** Datadog's clock at the oldest answer, ms since the epoch. */
  readonly answeredAt: number;
}

/** Each finding once. */
export function together(all: readonly ShownFindings[]): ShownFindings {
  const findings = new Map(all.flatMap((each) => each.findings).map((finding) => [finding.id, finding]));
  return {
    findings: [...findings.values()],
    answeredAt: Math.min(...all.map(({ answeredAt }) => answeredAt)),
  };
}

/** What a version excluded may have been too much for its query. */
export function withoutExcluded(version: DeployedOwnership, shown: ShownFindings): ShownFindings {
  const excluded = new Set(version.exclude);
  return { ...shown, findings: shown.findings.filter(({ id }) => !excluded.has(id)) };
}

/** Of what the queries for a version have found, what that version may have assigned. */
export function heldBy(version: DeployedVersion, shown: ShownFindings): ShownFindings {
  const { findings, ...rest } = withoutExcluded(version, shown);
  return { ...rest, findings: findings.filter((finding) => mayHaveAssigned(version, finding)) };
}

/**
 * How many changes of owners these findings stand for. Those of one ticket count once: Datadog gives all of
 * them its owner, also those that no request has named.
 */
export function countChanges(findings: readonly Finding[]): number {
  return new Set(findings.map(({ id, ticket }) => (ticket ? `ticket ${ticket.id}` : id))).size;
}
