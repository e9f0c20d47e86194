import type { Recipient } from "./spreadFindings";

/**
 * How several owners of a rule share its findings: `spread` among all who are active (default), or `first`:
 * the first of the list who is active gets all, the others are for the day when nobody is.
 */
export type Pick = "spread" | "first";

/** One of a rule's owners, and the users that stand behind it now. */
export interface FoundOwner {
  /** Each of its users has this weight. */
  readonly weight: number;
  /** UUIDs. */
  readonly users: readonly string[];
  /** Why there are none; undefined: there may be some. */
  readonly problem: OwnerProblem | undefined;
  /**
   * Of a chain: whether those after it count as well, up to the first of whom this is not so. Default false.
   */
  readonly isOpen?: boolean;
}

/**
 * - `unknown`: no such user or team, so the declaration is wrong
 * - `inactive`: a disabled user, a team without active members, nobody on call: that passes
 */
export interface OwnerProblem {
  readonly kind: "unknown" | "inactive";
  /** What it is, and what to do. */
  readonly message: string;
}

export interface PickedOwners {
  /** Empty where `failure` says why. */
  readonly recipients: readonly Recipient[];
  /** Why nobody can be given findings. */
  readonly failure: string | undefined;
  /** Owners who were passed over. */
  readonly passedOver: readonly string[];
}

/** The users who count among a rule's owners. */
export function pickOwners(pick: Pick, owners: readonly FoundOwner[]): PickedOwners {
  return pick === "first" ? firstOf(owners) : allOf(owners);
}

function firstOf(owners: readonly FoundOwner[]): PickedOwners {
  const active = owners.filter(({ problem }) => problem === undefined);
  const [first] = active;
  const passedOver = messagesOf(first ? owners.slice(0, owners.indexOf(first)) : owners);
  if (!first) return { recipients: [], failure: passedOver.join("; "), passedOver: [] };
  const last = active.findIndex(({ isOpen }) => isOpen !== true);
  const counting = last < 0 ? active : active.slice(0, last + 1);
  return { recipients: counting.flatMap(recipientsOf), failure: undefined, passedOver };
}

/** An unknown owner is a mistake, which sharing among the others would hide. */
function allOf(owners: readonly FoundOwner[]): PickedOwners {
  const found = owners.filter(({ problem }) => problem === undefined);
  const isWrong = owners.some(({ problem }) => problem?.kind === "unknown");
  const messages = messagesOf(owners);
  if (isWrong || found.length === 0) return { recipients: [], failure: messages.join("; "), passedOver: [] };
  return { recipients: found.flatMap(recipientsOf), failure: undefined, passedOver: messages };
}

function recipientsOf({ users, weight }: FoundOwner): Recipient[] {
  return users.map((userId) => ({ userId, weight }));
}

function messagesOf(owners: readonly FoundOwner[]): string[] {
  return owners.flatMap(({ problem }) => problem?.message ?? []);
}
