import { findingsOf } from "../core/count";
import { labelOf } from "../session/declaredOwnerships";
import type { Successor } from "./successor";

/** `12 findings go over to ben@example.com: rule "all" of "security" takes them` */
export function describeTransfer(
  { declaration, assignee, ruleName }: Pick<Successor, "declaration" | "assignee" | "ruleName">,
  number: number,
): string {
  const [go, them] = number === 1 ? ["goes", "it"] : ["go", "them"];
  return `${findingsOf(number)} ${go} over to ${assignee}: rule "${ruleName}" of "${labelOf(declaration)}" takes ${them}`;
}
