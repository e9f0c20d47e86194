import { pairFraction, type TextHash, textHash } from "./textHash";

/** A user who gets findings. */
export interface Recipient {
  /** UUID. */
  readonly userId: string;
  /** More than 0: who has 2 gets twice as many findings as who has 1. */
  readonly weight: number;
}

/** From so many findings at once on, nobody gets more than `MOST_OF_SHARE` of the share. */
const MANY = 1_000;
const MOST_OF_SHARE = 1.2;

/**
 * Spreads findings over users: who gets each, by finding id. Rendezvous hashing: each pair of finding and
 * user has a score, and the highest score wins. So a finding goes to the same user on every machine and in
 * every retry; a user who joins takes only what that user scores highest for, and what a user who leaves had
 * goes to all others.
 *
 * Chance alone gives one of ten users 20 % more than a tenth of 1,000 findings now and then. So from 1,000
 * findings on who has 20 % more than the share is full, and what is left goes to the next best score. That
 * concerns few findings: in the mean none for up to 5 users, and 5 of 1,000 for 20 users.
 *
 * @throws RangeError where there are findings and no users
 */
export function spreadFindings(
  findingIds: readonly string[],
  recipients: readonly Recipient[],
): ReadonlyMap<string, string> {
  const ids = [...new Set(findingIds)].sort();
  if (ids.length > 0 && recipients.length === 0) throw new RangeError("there is nobody to get the findings");
  const candidates = candidatesOf(recipients);
  const room = ids.length < MANY ? undefined : roomFor(ids.length, candidates);
  const owners = new Map<string, string>();
  for (const id of ids) {
    const hash = textHash(id);
    const best = highest(candidates, hash);
    const taker =
      best && room?.get(best) === 0
        ? highest(
            candidates.filter((each) => room.get(each)),
            hash,
          )
        : best;
    if (!taker) throw new RangeError(`there is nobody to get ${id}`);
    room?.set(taker, (room.get(taker) ?? 0) - 1);
    owners.set(id, taker.userId);
  }
  return owners;
}

interface Candidate extends Recipient {
  readonly hash: TextHash;
}

/**
 * By user id, so that the order of a list means nothing. Who is named twice counts once, with the higher
 * weight.
 */
function candidatesOf(recipients: readonly Recipient[]): Candidate[] {
  const weights = new Map<string, number>();
  for (const { userId, weight } of recipients) {
    const id = userId.toLowerCase();
    weights.set(id, Math.max(weight, weights.get(id) ?? 0));
  }
  return [...weights]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([userId, weight]) => ({ userId, weight, hash: textHash(userId) }));
}

function highest(candidates: readonly Candidate[], finding: TextHash): Candidate | undefined {
  let best: Candidate | undefined;
  let bestScore = 0;
  for (const candidate of candidates) {
    // Of exponential arrivals with these rates the first one wins: the chance of each is its part of all
    // weights.
    const score = -candidate.weight / Math.log(pairFraction(finding, candidate.hash));
    if (best === undefined || score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** How many findings each may get. There is room for all: nobody's is below the share. */
function roomFor(count: number, candidates: readonly Candidate[]): Map<Candidate, number> {
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(
    candidates.map((candidate) => {
      const share = (count * candidate.weight) / total;
      return [candidate, Math.max(Math.ceil(share), Math.floor(MOST_OF_SHARE * share))];
    }),
  );
}
