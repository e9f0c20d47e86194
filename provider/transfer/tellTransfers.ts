import { groupBy } from "../core/groupBy";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { SessionKey } from "../session/sessionKey";
import { describeTransfer } from "./describeTransfer";
import type { Successor } from "./successor";

/** A finding that a resource releases and a rule takes. */
export interface Transfer {
  readonly findingId: string;
  /** As messages name the resource that releases it. */
  readonly label: string;
  readonly successor: Pick<Successor, "declaration" | "ruleName" | "assignee">;
}

/** What was said in this process, by finding id. */
const told = new SessionKey(() => new Map<string, string>());

/**
 * Says how many findings go over to which rule, a line for each releasing resource and rule. In a preview it
 * is said by whichever of the two is compared last, and in an `up` before it is sent where that is not said
 * yet: so it is said once, in the same words, whatever the order.
 */
export function tellTransfers(
  session: Pick<Session, "shared" | "print">,
  transfers: readonly Transfer[],
): void {
  const known = session.shared.get(told);
  for (const [key, group] of groupBy(transfers, keyOf)) {
    const [first] = group;
    if (!first || group.every(({ findingId }) => known.get(findingId) === key)) continue;
    for (const { findingId } of group) known.set(findingId, key);
    session.print(`${first.label}: ${describeTransfer(first.successor, group.length)}`);
  }
}

function keyOf({ label, successor: { declaration, ruleName, assignee } }: Transfer): string {
  return JSON.stringify([label, labelOf(declaration), ruleName, assignee]);
}
