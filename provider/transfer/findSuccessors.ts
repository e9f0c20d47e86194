import type { Finding } from "../datadog/model/findingsApi";
import type { OwnershipRule } from "../rules/rule";
import { isNobody } from "../rules/ruleOwners";
import { spreadFindings } from "../rules/spreadFindings";
import type { DeclaredOwnership } from "../session/declaredOwnerships";
import { resolveRecipients } from "../session/resolveOwner";
import type { Session } from "../session/session";
import { assignableByRule } from "./decideByRules";
import type { Successor } from "./successor";

export interface Successors {
  /** By finding id: what the rules of the program would assign if nobody owned it. */
  readonly found: ReadonlyMap<string, Successor>;
  /** What rules take only when they are deployed the next time: their states know none of the owners. */
  readonly waiting: readonly string[];
}

export async function findSuccessors(session: Session, findings: readonly Finding[]): Promise<Successors> {
  const successors = new Map<string, Successor>();
  const waiting = new Set<string>();
  for (const declaration of session.ownerships.others()) {
    const { spec } = declaration;
    // Who an owner is, is asked only where a finding goes there.
    const owners = spec.rules.map((rule) => (isNobody(rule.owners) ? [] : [rule.assignee]));
    const open = findings.filter(({ id }) => !successors.has(id));
    for (const [index, taken] of await assignableByRule(session, spec, owners, open)) {
      const rule = spec.rules[index];
      if (!rule) continue;
      const stored = session.ownerships.storedOwners(declaration)?.[index];
      const found = await successorsOf(session, declaration, { rule, stored }, taken);
      if (found === "unknown") for (const { id } of taken) waiting.add(id);
      else for (const [id, successor] of found) successors.set(id, successor);
    }
  }
  return { found: successors, waiting: [...waiting].filter((id) => !successors.has(id)) };
}

/**
 * None where an owner cannot be found: the resource that declares the rule tells of that. What is right
 * already stays. Who is no owner by the state of that resource gets nothing, as a later destroy would not
 * release it: the rule's next deployment assigns it, and notes for whom.
 */
async function successorsOf(
  session: Session,
  declaration: DeclaredOwnership,
  { rule, stored }: { readonly rule: OwnershipRule; readonly stored: readonly string[] | undefined },
  findings: readonly Finding[],
): Promise<[id: string, successor: Successor][] | "unknown"> {
  const owner = await resolveRecipients(session, rule).catch(() => undefined);
  if (!owner?.recipients || owner.recipients.length === 0 || owner.problem !== undefined) return [];
  const recipients = owner.recipients.filter(({ userId }) => stored?.includes(userId) ?? true);
  if (recipients.length === 0) return "unknown";
  const right = new Set(owner.ownerIds);
  const isRight = ({ assignee }: Finding) => assignee !== null && right.has(assignee.id);
  const moving = spreadFindings(
    findings.filter((finding) => !isRight(finding)).map(({ id }) => id),
    recipients,
  );
  const byUser = new Map<string, Successor>();
  return findings.flatMap(({ id, assignee }) => {
    const ownerId = moving.get(id) ?? assignee?.id;
    if (ownerId === undefined) return [];
    const known = byUser.get(ownerId);
    const successor = known ?? { declaration, ruleName: rule.name, assignee: rule.assignee, ownerId };
    byUser.set(ownerId, successor);
    return [[id, successor]];
  });
}
