import type { Finding, FindingProblem, TriageAssignee } from "../datadog/model/findingsApi";
import type { Transfer } from "../transfer/tellTransfers";
import type { Strays } from "./findStrays";
import type { FormerVersion } from "./ownershipState";

/** Findings of a rule with new owners that stay with a former one, who is among the new ones. */
export interface KeptFindings {
  readonly ruleName: string;
  /** The new owners in a few words. */
  readonly assignee: string;
  /** The first of them. */
  readonly findings: readonly Finding[];
  readonly more: boolean;
}

/** A finding of a rule that a FindingsAssignment of the same program declares for somebody else. */
export interface DeclaredElsewhere {
  readonly findingId: string;
  readonly ruleName: string;
  /** Name of the FindingsAssignment, where known. */
  readonly resourceName: string | undefined;
}

/** A count that stops somewhere: `more` says that there are more than `count`. */
export interface Tally {
  readonly count: number;
  readonly more: boolean;
}

export interface PlannedRule {
  readonly name: string;
  /** The owners in a few words. */
  readonly assignee: string;
  /**
   * UUIDs of those whose findings are as declared. Empty: nobody could be found, or the rule leaves its
   * findings alone.
   */
  readonly ownerIds: readonly string[];
  readonly overwrite: boolean;
  /** To be assigned to an owner of the rule. */
  readonly pending: readonly Finding[];
  /** UUID of who gets each of `pending`, by finding id. */
  readonly recipients: ReadonlyMap<string, string>;
  /** Why owners of the rule's list do not count now. */
  readonly passedOver: readonly string[];
  /** Whether there are more than these: then nothing is sent. */
  readonly more: boolean;
  /**
   * Findings that cannot be assigned, each with the reason: nothing is sent for them, and the deployment
   * fails.
   */
  readonly blocked: readonly FindingProblem[];
}

/** What an owner has by these rules, and no rule of the program gives to that owner any more. */
export interface Leftover {
  readonly owner: NonNullable<Finding["assignee"]>;
  readonly findings: readonly Finding[];
  /** Whether there are more than these. */
  readonly more: boolean;
}

/** Findings that a rule gets in the same deployment from resources that release them. */
export interface Incoming {
  readonly ruleName: string;
  /** Those that change owner. */
  readonly findings: readonly Finding[];
  /** All of them, with the resource as messages name it. */
  readonly from: readonly Pick<Transfer, "findingId" | "label">[];
}

/**
 * Findings that somebody gave to another owner since the rules were last deployed, and that an overwriting
 * rule takes.
 */
export interface TakenBack {
  readonly ruleName: string;
  readonly owner: Pick<TriageAssignee, "id" | "name">;
  readonly count: number;
  /** Whether Datadog says that it was since then. */
  readonly isKnown: boolean;
}

/** A finding that a rule without `overwrite` leaves alone, for another one of its ticket. */
export interface TicketOfAnother {
  readonly findingId: string;
  readonly ruleName: string;
  /** As people name the ticket. */
  readonly ticketKey: string;
  /** Another finding of the ticket, which would get the rule's owner as well. */
  readonly otherId: string;
  readonly owner: TriageAssignee;
}

/** What a deployment would change, as Datadog shows it now. */
export interface OwnershipPlan {
  readonly rules: readonly PlannedRule[];
  /** What no rule claims any more, by owner. */
  readonly leftovers: readonly Leftover[];
  /** What no rule claims any more, and a FindingsAssignment declares. */
  readonly declaredLeftovers: readonly Finding[];
  /** Where the rules have changed: what their former owners have in the former scope, and no rule matches. */
  readonly strays: Strays;
  /** Whether some of it is not to be released, since it shares a ticket with what is declared. */
  readonly heldBack: boolean;
  /** Earlier versions of the rules that may hold findings. */
  readonly former: readonly FormerVersion[];
  /** Those of them that hold what a present rule leaves alone: they stay when the rest is released. */
  readonly staying: readonly FormerVersion[];
  /**
   * How long ago, in ms, something was assigned that the search may not show yet, where `leftovers` may lack
   * some for it.
   */
  readonly unseen: number | undefined;
  /** The same, where some of `leftAlone` may belong to owners of the rules for it. */
  readonly lag: number | undefined;
  readonly incoming: readonly Incoming[];
  /** What goes over to these rules from other resources, and to others from these. */
  readonly transfers: readonly Transfer[];
  readonly takenBack: readonly TakenBack[];
  /** What a change of owners does not move. */
  readonly kept: readonly KeptFindings[];
  /**
   * Findings that rules without `overwrite` leave to the owners whom somebody gave them; the first of them.
   */
  readonly leftAlone: Tally & { readonly findings: readonly Finding[] };
  /** What rules without `overwrite` do not assign, as another finding of its ticket is somebody else's. */
  readonly ticketsOfOthers: readonly TicketOfAnother[];
  /** Findings of others that get the owner of a rule, as another finding of their ticket does. */
  readonly following: readonly Finding[];
  /** Findings that a FindingsAssignment declares for somebody else. */
  readonly elsewhere: readonly DeclaredElsewhere[];
  /** Findings in scope that nobody owns and no rule claims. */
  readonly unclaimed: Tally;
  /** What to say of new and changed rules that nothing matches. */
  readonly idle: readonly string[];
  /** How many findings these rules change themselves; without what other resources hand over to them. */
  readonly own: number;
  /**
   * How many findings change, with what other resources hand over; more than `maxChanges` are not all
   * counted.
   */
  readonly total: Tally;
  /** How many each user gets of them, by UUID. */
  readonly byOwner: ReadonlyMap<string, number>;
  /** Everything that was seen of the findings that rules match and that are not as declared: not all. */
  readonly shown: readonly Finding[];
  /** When Datadog showed what the rules are to assign, by finding id, ms by our own clock. */
  readonly seenAt: ReadonlyMap<string, number>;
  /** When the plan was begun by our own clock, ms: for the time that has passed in this process. */
  readonly madeAt: number;
  /** When Datadog answered first, ms since the epoch by its clock. */
  readonly answeredAt: number;
}
