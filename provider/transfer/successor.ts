import type { DeclaredOwnership } from "../session/declaredOwnerships";

/** The rule of the program that takes a finding which nobody owns. */
export interface Successor {
  readonly declaration: Pick<DeclaredOwnership, "resourceName" | "spec">;
  readonly ruleName: string;
  readonly assignee: string;
  /** UUID of the rule's owner. */
  readonly ownerId: string;
}
