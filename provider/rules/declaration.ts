import type { DeclaredOwners } from "./declaredOwners";
import type { FindingType } from "./findingTypes";
import type { OnDelete } from "./rule";

/**
 * A rule as a program or a file writes it. `effectiveOwnership` makes of it what the rest of the package
 * works with.
 */
export interface DeclaredRule extends DeclaredOwners {
  readonly name: string;
  /** At least one of `query` and `findingTypes` is there; findings have to be as both say. */
  readonly query?: string | undefined;
  readonly findingTypes?: readonly FindingType[] | undefined;
  readonly overwrite?: boolean | undefined;
  readonly note?: string | undefined;
  /** false: the rule counts as taken out of the list. Default true. */
  readonly enabled?: boolean | undefined;
  /** The last day of the rule, in UTC: afterwards it counts as taken out of the list. */
  readonly until?: string | undefined;
}

/** What a program or a file declares, with what it may leave out. */
export interface OwnershipDeclaration {
  readonly rules: readonly DeclaredRule[];
  readonly scope?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly maxChanges?: number | undefined;
  readonly maxChangesPerOwner?: number | undefined;
  readonly onDelete?: OnDelete | undefined;
  readonly releaseRemoved?: boolean | undefined;
}
