import type { Verdict } from "./assignRules";
import type { OwnershipSpec } from "./rule";

/**
 * Which rule owns a finding and why, in sentences.
 * @param owner how to name a user, by UUID
 */
export function explainVerdict(
  findingId: string,
  verdict: Verdict,
  spec: OwnershipSpec,
  owner: (userId: string) => string = (userId) => userId,
): string[] {
  const trials = verdict.trials.map(({ name, match }, index) => {
    const query = spec.rules[index]?.query ?? "";
    return `rule ${index + 1} "${name}" ${MATCHES[String(match)]}: ${query}`;
  });
  return [`${findingId} ${conclusion(verdict, spec, owner)}`, ...trials];
}

const MATCHES: Readonly<Record<string, string>> = {
  true: "matches",
  false: "does not match",
  unknown: "cannot be decided here",
};

function conclusion(verdict: Verdict, spec: OwnershipSpec, owner: (userId: string) => string): string {
  const { outcome, rule, assigneeId } = verdict;
  const present = assigneeId === null ? "nobody owns it" : `${owner(assigneeId)} owns it`;
  const ruled = rule
    ? `belongs to ${[...new Set(rule.ownerIds.map(owner))].join(" or ") || "nobody who can be found"} by rule "${rule.name}"`
    : "";
  switch (outcome) {
    case "excluded":
      return `is excluded: no rule touches it; ${present}`;
    case "outsideScope":
      return `is outside of the scope ${spec.scope ?? ""}: no rule touches it; ${present}`;
    case "unclaimed":
      return `is claimed by no rule; ${present}`;
    case "asDeclared":
      return `${ruled}; ${present}, as declared`;
    case "assign":
      return `${ruled}; ${present} now, so it will be assigned, unless a FindingsAssignment of the program declares it`;
    case "leftAlone":
      return `${ruled}, but ${present} and the rule does not overwrite: it is left alone`;
    case "leftAsIs":
      return `is left alone by rule "${rule?.name}", whose owner is none; ${present}`;
    case "undecided":
      return rule
        ? `${ruled}; ${present}, and whether an earlier rule assigned it cannot be decided here`
        : `cannot be decided here: Datadog alone can evaluate ${undecidedQuery(verdict, spec)}; ${present}`;
  }
}

function undecidedQuery({ trials }: Verdict, spec: OwnershipSpec): string {
  const rule = spec.rules[trials.length - 1];
  return rule ? `the query of rule "${rule.name}"` : "the scope";
}
