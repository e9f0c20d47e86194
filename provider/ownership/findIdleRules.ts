import { idleRuleMessage } from "../messages/idleRuleMessage";
import { allOf } from "../query/combineQueries";
import type { OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import type { OwnershipState } from "./ownershipState";
import type { OwnershipPlan } from "./plannedOwnership";

/**
 * Messages about rules that no finding in scope matches, whatever the rules before them take: of those that
 * are new or changed since the last deployment, and have nothing to do. One request for each.
 */
export async function findIdleRules(
  session: Session,
  spec: OwnershipSpec,
  plan: OwnershipPlan,
  state: OwnershipState | undefined,
): Promise<string[]> {
  const messages = await Promise.all(
    spec.rules.map(async ({ name, query }, index) => {
      const { pending = [], blocked = [] } = plan.rules[index] ?? {};
      if (pending.length + blocked.length > 0 || isKnown(state, spec, name, query)) return [];
      const { api, cancelled: signal } = session;
      const { findings } = await api.search({ query: allOf(spec.scope ?? "", query), limit: 1, signal });
      return findings.length > 0 ? [] : [idleRuleMessage(name, query, spec.scope)];
    }),
  );
  return messages.flat();
}

/** Whether the last deployment had this very rule. */
function isKnown(
  state: OwnershipState | undefined,
  { scope }: OwnershipSpec,
  name: string,
  query: string,
): boolean {
  if (!state || (state.spec.scope ?? "") !== (scope ?? "")) return false;
  return state.spec.rules.some((rule) => rule.name === name && rule.query === query);
}
