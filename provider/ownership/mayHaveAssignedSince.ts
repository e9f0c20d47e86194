import type { Finding } from "../datadog/model/findingsApi";
import { assignByRules } from "../rules/assignRules";
import { findingFacts } from "../rules/findingFacts";
import { type DeployedOwnership, type OwnershipSpec, ownershipSpec } from "../rules/rule";
import { lastVersion, type OwnershipState } from "./ownershipState";

/**
 * Whether the last deployments of rules may have taken a finding from the user whom the search still shows as
 * its owner: a rule that overwrites did, or one whose former owner that user is. What was somebody else's
 * before, and no rule could take, is somebody else's however much the search lags.
 */
export function mayHaveAssignedSince(state: OwnershipState): (finding: Finding) => boolean {
  const { spec, assignedAt } = state;
  const recent = [lastVersion(state), ...state.former.filter(({ openUntil }) => openUntil !== undefined)];
  const owners = new Set(recent.flatMap(({ rules }) => rules.flatMap(({ ownerIds }) => ownerIds)));
  const tookBy = recent.map((version) => overwrites(version, spec));
  return (finding) => {
    const { assignee, ticket } = finding;
    if (!assignee) return false;
    const isSince = assignedAt !== undefined && (assignee.updatedAt ?? 0) > assignedAt;
    if (isSince) return false;
    if (owners.has(assignee.id)) return true;
    const followed = ticket !== null && spec.rules.some(({ overwrite }) => overwrite);
    return followed || tookBy.some((took) => took(finding));
  };
}

/**
 * Whether the rule of a version that a finding belongs to overwrites. A state says so of the rules of the
 * last deployment alone: an earlier rule counts as one that does, unless a rule of its name is there and does
 * not.
 */
function overwrites(version: DeployedOwnership, { rules }: OwnershipSpec): (finding: Finding) => boolean {
  const isMild = version.rules.map(({ name }) => rules.some((rule) => rule.name === name && !rule.overwrite));
  const spec = ownershipSpec({
    ...version,
    rules: version.rules.map(({ name, query }) => ({ name, query, assignee: name })),
  });
  const verdictOf = assignByRules(spec, {
    ownerIds: version.rules.map((rule) => rule.ownerIds),
    deployed: [],
  });
  return (finding) => {
    const { outcome, rule } = verdictOf(findingFacts({ ...finding, assignee: null }));
    if (outcome === "undecided") return isMild.includes(false);
    return rule !== undefined && isMild[rule.index] === false;
  };
}
