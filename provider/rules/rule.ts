import { type DeclaredOwners, ownersLabel, ruleOwners } from "./declaredOwners";
import type { RuleOwners } from "./ruleOwners";

/** Who owns the findings that match a query. Of the rules of a list the first that matches wins. */
export interface OwnershipRule {
  /** Unique among the rules. */
  readonly name: string;
  /** In Datadog's search syntax; `*` matches everything. */
  readonly query: string;
  readonly owners: RuleOwners;
  /** The owners in a few words, for messages: for one owner the text that was declared. */
  readonly assignee: string;
  /**
   * false: takes findings that nobody owns, and those that the last deployment had given away by a rule.
   * true: takes every match, also what a person gave to somebody else.
   */
  readonly overwrite: boolean;
  /** Why the rule is there, for reviewers. */
  readonly note: string | undefined;
}

export type OnDelete = "unassign" | "keep";

/** A checked declaration of ownership, with all defaults filled in. */
export interface OwnershipSpec {
  readonly rules: readonly OwnershipRule[];
  /** Findings outside of this query are never touched; undefined: all findings. */
  readonly scope: string | undefined;
  /** Ids of findings that are never touched. */
  readonly exclude: readonly string[];
  /** The most findings that one deployment may change; undefined: no bound. */
  readonly maxChanges: number | undefined;
  /** The most findings that one deployment may give to one user; undefined: no bound. */
  readonly maxChangesPerOwner: number | undefined;
  /** Whether a delete releases the findings that match a rule and still belong to its owner. */
  readonly onDelete: OnDelete;
  /** Whether a rule that was taken out of the list releases what no other rule claims. */
  readonly releaseRemoved: boolean;
}

/**
 * A declaration with what it may leave out: an effective one, whose rules are all in force and have a query
 * each.
 */
export interface OwnershipFields {
  readonly rules: ReadonlyArray<
    Pick<OwnershipRule, "name" | "query"> &
      DeclaredOwners & {
        readonly overwrite?: boolean | undefined;
        readonly note?: string | undefined;
      }
  >;
  readonly scope?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly maxChanges?: number | undefined;
  readonly maxChangesPerOwner?: number | undefined;
  readonly onDelete?: OnDelete | undefined;
  readonly releaseRemoved?: boolean | undefined;
}

/** Fills in the defaults. */
export function ownershipSpec(declared: OwnershipFields): OwnershipSpec {
  const { rules, scope, exclude = [], maxChanges, maxChangesPerOwner } = declared;
  const { onDelete = "unassign", releaseRemoved = false } = declared;
  return {
    rules: rules.map(({ name, query, overwrite = false, note, ...declaredOwners }) => {
      const owners = ruleOwners(declaredOwners);
      return { name, query, owners, assignee: ownersLabel(owners), overwrite, note };
    }),
    scope,
    exclude,
    maxChanges,
    maxChangesPerOwner,
    onDelete,
    releaseRemoved,
  };
}

/** A version of the rules as it was deployed: enough to know later which findings it may have given away. */
export interface DeployedOwnership {
  readonly scope: string | undefined;
  readonly exclude: readonly string[];
  readonly rules: readonly DeployedRule[];
}

export interface DeployedRule {
  readonly name: string;
  readonly query: string;
  /** UUIDs of the users whom the rule's assignee stood for at that time; empty: nobody could be found. */
  readonly ownerIds: readonly string[];
}

/** What rules mean at this moment. */
export interface OwnershipContext {
  /**
   * For each rule in order the UUIDs of its owners: a finding of any of them is right. Empty: nobody could be
   * found.
   */
  readonly ownerIds: ReadonlyArray<readonly string[]>;
  /**
   * The last deployment; after one that failed half-way also the one before it, since its findings may not
   * have been handed over. Empty where nothing was deployed yet.
   */
  readonly deployed: readonly DeployedOwnership[];
}

/**
 * UUIDs of a rule's owners, in lower case.
 * @throws RangeError where the context was made for another list of rules
 */
export function ownersOf({ ownerIds }: Pick<OwnershipContext, "ownerIds">, index: number): string[] {
  const owners = ownerIds[index];
  if (owners === undefined) throw new RangeError(`rule ${index} has no list of owners`);
  return owners.map((id) => id.toLowerCase());
}
