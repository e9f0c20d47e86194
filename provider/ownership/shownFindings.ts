import type { Finding } from "../datadog/model/findingsApi";
import type { DeployedOwnership } from "../rules/rule";

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
