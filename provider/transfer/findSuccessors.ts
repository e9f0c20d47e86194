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
      const { found, waits } = await successorsOf(session, declaration, { rule, stored }, taken);
      for (const [id, successor] of found) successors.set(id, successor);
      for (const { id } of waits) waiting.add(id);
    }
  }
  return { found: successors, waiting: [...waiting].filter((id) => !successors.has(id)) };
}

interface SuccessorsByRule {
  readonly found: readonly (readonly [id: string, successor: Successor])[];
  /** What the rule takes only when it is deployed the next time. */
  readonly waits: readonly Finding[];
}

const NONE: SuccessorsByRule = { found: [], waits: [] };

/**
 * None where there is no such owner: the resource that declares the rule tells of that. What is right already
 * stays, also where Datadog does not answer who the owner is. Who is no owner by the state of that resource
 * gets nothing, as a later destroy would not release it: the rule's next deployment assigns it, and notes for
 * whom.
 */
async function successorsOf(
  session: Session,
  declaration: DeclaredOwnership,
  { rule, stored }: { readonly rule: OwnershipRule; readonly stored: readonly string[] | undefined },
  findings: readonly Finding[],
): Promise<SuccessorsByRule> {
  const owner = await resolveRecipients(session, rule).catch(() => undefined);
  if (owner && (!owner.recipients?.length || owner.problem !== undefined)) return NONE;
  const recipients = owner?.recipients?.filter(({ userId }) => stored?.includes(userId) ?? true) ?? [];
  if (owner && recipients.length === 0) return { found: [], waits: findings };
  const right = new Set(owner ? owner.ownerIds : stored);
  const isRight = ({ assignee }: Finding) => assignee !== null && right.has(assignee.id);
  const others = findings.filter((finding) => !isRight(finding));
  const moving =
    recipients.length === 0
      ? new Map<string, string>()
      : spreadFindings(
          others.map(({ id }) => id),
          recipients,
        );
  const byUser = new Map<string, Successor>();
  const found = findings.flatMap((finding) => {
    const ownerId = isRight(finding) ? finding.assignee?.id : moving.get(finding.id);
    if (ownerId === undefined) return [];
    const known = byUser.get(ownerId);
    const successor = known ?? { declaration, ruleName: rule.name, assignee: rule.assignee, ownerId };
    byUser.set(ownerId, successor);
    return [[finding.id, successor] as const];
  });
  return { found, waits: owner ? [] : others };
}
