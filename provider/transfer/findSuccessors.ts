import type { Finding } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import { assignableByRule } from "./decideByRules";
import type { Successor } from "./successor";

/** By finding id: what the rules of the program would assign if nobody owned it. */
export async function findSuccessors(
  session: Session,
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Successor>> {
  const successors = new Map<string, Successor>();
  for (const declaration of session.ownerships.others()) {
    const { spec } = declaration;
    // Who an owner is, is asked only where a finding goes there.
    const owners = spec.rules.map(({ assignee }) => [assignee]);
    const open = findings.filter(({ id }) => !successors.has(id));
    for (const [index, taken] of await assignableByRule(session, spec, owners, open)) {
      const rule = spec.rules[index];
      // An owner who cannot be found is told of by the resource that declares the rule.
      const ownerId = rule && (await session.assignees.resolve(rule.assignee).catch(() => undefined));
      if (!rule || ownerId === undefined) continue;
      const successor = { declaration, ruleName: rule.name, assignee: rule.assignee, ownerId };
      for (const { id } of taken) successors.set(id, successor);
    }
  }
  return successors;
}
