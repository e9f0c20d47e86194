import type { FindingProblem } from "../datadog/model/findingsApi";
import { RULE_OWNER } from "../messages/advise";

/** Why a finding of a rule cannot be assigned, where the rule's owner is the reason. */
export function ruleProblem(findingId: string, ruleName: string, reason: string): FindingProblem {
  return { findingId, status: 0, title: RULE_OWNER, detail: `rule "${ruleName}": ${reason}` };
}
