import type { DeclaredSet } from "../randomProgram";

export type Lists = ReadonlyMap<string, DeclaredSet>;

/**
 * What is known of a deployment from outside: its program, its options, and how it ended. Nothing of the
 * provider's state.
 */
export interface DeploymentRecord {
  /** From 0, by stack. */
  readonly index: number;
  readonly kind: "up" | "refresh" | "destroy";
  /** FindingsAssignments by name, as they were then; empty for a destroy. */
  readonly lists: Lists;
  /** `--target`; undefined: everything. */
  readonly only: readonly string[] | undefined;
  /** Whether it looked at everything first, or did nothing else. */
  readonly refreshes: boolean;
  /** Whether its keys may not search. */
  readonly blind: boolean;
  readonly from: number;
  readonly to: number;
  readonly killed: boolean;
  readonly cancelled: boolean;
  /** Error texts by resource name. */
  readonly errors: ReadonlyMap<string, string>;
  readonly printed: readonly string[];
}

/** Whether everything that was declared has been deployed, and nothing went wrong. */
export function isWholeSuccess({ kind, only, killed, errors }: DeploymentRecord): boolean {
  return kind !== "refresh" && only === undefined && !killed && errors.size === 0;
}

/** Who is to own each declared finding. */
export function declaredOwners(lists: Lists): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { findingIds, user } of lists.values()) for (const id of findingIds) owners.set(id, user.id);
  return owners;
}

/** Messages cut lists of ids after so many. */
const SHOWN_IDS = 10;

/** Whether a person who reads the texts learns of the finding: by its id, or in a list that is cut. */
export function tells(texts: Iterable<string>, findingId: string): boolean {
  for (const text of texts) if (text.includes(findingId) || /and [\d,]+ more/.test(text)) return true;
  return false;
}

export { SHOWN_IDS };
