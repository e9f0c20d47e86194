import { BATCH_SIZE } from "../core/batches";
import type { Clock } from "../core/clock";
import { groupBy } from "../core/groupBy";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { MAX_REQUESTS_AT_ONCE } from "../datadog/model/retrySettings";
import {
  type Entry,
  failedNotSent,
  finish,
  guardOf,
  keyOf,
  newEntry,
  noOutcome,
  notSent,
  supersededEntry,
  UNASSIGN,
} from "./changeEntry";
import type { Change, ChangeOutcome, FailedOutcome, SendBatch } from "./changeOutcome";
import { GroupCommit } from "./groupCommit";
import { RetryGroups } from "./retryGroups";
import { whenQuiet } from "./whenQuiet";

export interface ChangeQueueOptions {
  readonly sendBatch: SendBatch;
  readonly clock: Clock;
  /** The most batches under way at once; default `MAX_REQUESTS_AT_ONCE`. */
  readonly concurrency?: number;
  /**
   * How often a finding that fails with 408, 429 or 5xx inside an accepted batch is sent again; default:
   * never.
   */
  readonly maxRetries?: number;
  /**
   * How long a finding waits to be sent again in all, ms; what Datadog asks for does not count. Default: no
   * bound.
   */
  readonly retryTimeoutMs?: number;
  /** Wait before findings that failed together are sent again, by the number of their failures so far, ms. */
  readonly retryDelayMs: (failures: number) => number;
  /** Called before such a wait, with a status of those that failed. */
  readonly onRetry?: (status: number, ms: number) => void;
  /** Asked when a change is queued and again just before it is sent: true leaves it out, as superseded. */
  readonly skip?: (change: Change) => boolean;
}

interface FailedEntry {
  readonly entry: Entry;
  readonly outcome: FailedOutcome;
}

/** The open changes of one finding: one may be under way, and the latest of those after it waits. */
interface Slot {
  sending: Entry | undefined;
  queued: Entry | undefined;
}

/**
 * The one queue for all changes of the process: it fills batches across resources by assignee, and keeps the
 * changes of one finding in their order, so that a finding that moves between resources ends with the owner
 * that was asked for last.
 */
export class ChangeQueue {
  readonly #options: ChangeQueueOptions;
  readonly #batches: GroupCommit<Entry>;
  readonly #retries: RetryGroups<FailedEntry>;
  readonly #slots = new Map<string, Slot>();
  #cancelled: string | undefined;

  constructor(options: ChangeQueueOptions) {
    this.#options = options;
    this.#batches = new GroupCommit<Entry>({
      send: (key, entries) => this.#send(key === UNASSIGN ? null : key, entries),
      batchSize: BATCH_SIZE,
      concurrency: options.concurrency ?? MAX_REQUESTS_AT_ONCE,
      schedule: whenQuiet(options.clock),
    });
    this.#retries = new RetryGroups(options.clock, (key, failed) => this.#resubmit(key, failed));
  }

  /**
   * Queues changes and resolves when the outcome of each is known.
   * @param onOutcome called with each outcome as it comes, for progress
   */
  async submit(
    changes: readonly Change[],
    onOutcome: (outcome: ChangeOutcome) => void = () => {},
  ): Promise<Map<string, ChangeOutcome>> {
    const ready: Entry[] = [];
    const entries = changes.map((change) => this.#enqueue(change, ready));
    for (const [key, members] of groupBy(ready, keyOf)) this.#batches.add(key, members);
    const outcomes = new Map<string, ChangeOutcome>();
    await Promise.all(
      entries.map(async (entry) => {
        const outcome = await entry.outcome;
        outcomes.set(entry.findingId, outcome);
        onOutcome(outcome);
      }),
    );
    return outcomes;
  }

  /**
   * Stops sending at once: what has not been sent fails with `reason`, what is under way comes to its end.
   */
  cancel(reason: string): void {
    this.#cancelled = reason;
    this.failQueued((findingId) => notSent(findingId, reason));
    this.#retries.flush();
  }

  /** Fails everything that waits, for a reason that would hold for every batch (such as a refused key). */
  failQueued(problemOf: (findingId: string) => FindingProblem): void {
    for (const entry of this.#batches.drain()) {
      this.#finishQueued(entry, { kind: "failed", problem: problemOf(entry.findingId), ambiguous: false });
    }
  }

  /** Whether nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#slots.size === 0;
  }

  #enqueue(change: Change, ready: Entry[]): Entry {
    // What is not wanted must not push aside the change that is.
    if (this.#options.skip?.(change)) return supersededEntry(change);
    const slot = this.#slotOf(change.findingId);
    const current = slot.queued ?? slot.sending;
    if (current?.assigneeId === change.assigneeId) {
      if (!change.guard) current.guard = undefined;
      return current;
    }
    const entry = newEntry(change);
    const replaced = slot.queued;
    slot.queued = entry;
    if (replaced) finish(replaced, { kind: "superseded" });
    if (this.#cancelled !== undefined) this.#finishQueued(entry, failedNotSent(entry, this.#cancelled));
    else if (!slot.sending) ready.push(entry);
    return entry;
  }

  async #send(assigneeId: string | null, entries: readonly Entry[]): Promise<void> {
    const due: Entry[] = [];
    for (const entry of entries) {
      if (entry.finished) continue;
      if (this.#options.skip?.(entry)) this.#finishQueued(entry, { kind: "superseded" });
      else due.push(entry);
    }
    if (due.length === 0) return;
    for (const entry of due) this.#startSending(entry);
    const findingIds = due.map((entry) => entry.findingId);
    const outcomes = await this.#options.sendBatch(assigneeId, findingIds, guardOf(due));
    const failed: FailedEntry[] = [];
    for (const entry of due) {
      const outcome = withEarlierTries(entry, outcomes.get(entry.findingId) ?? noOutcome(entry.findingId));
      if (this.#maySendAgain(entry, outcome)) failed.push({ entry, outcome });
      else this.#finishSent(entry, outcome);
    }
    if (failed.length > 0) this.#waitToSendAgain(assigneeId ?? UNASSIGN, failed);
  }

  #maySendAgain(entry: Entry, outcome: ChangeOutcome): outcome is FailedOutcome {
    return (
      outcome.kind === "failed" &&
      !outcome.final &&
      isTransient(outcome.problem.status) &&
      this.#cancelled === undefined &&
      (outcome.retryAfterMs ?? 0) <= LONGEST_WINDOW_MS &&
      entry.failures < (this.#options.maxRetries ?? 0)
    );
  }

  #waitToSendAgain(key: string, failed: readonly FailedEntry[]): void {
    const { retryDelayMs, retryTimeoutMs = Number.POSITIVE_INFINITY, onRetry } = this.#options;
    const delayMs = retryDelayMs(Math.max(...failed.map(({ entry }) => ++entry.failures)));
    const waiting: FailedEntry[] = [];
    for (const one of failed) {
      one.entry.waitedMs += delayMs;
      if (one.entry.waitedMs <= retryTimeoutMs) waiting.push(one);
      else this.#finishSent(one.entry, one.outcome);
    }
    const [first] = waiting;
    if (!first) return;
    const waitMs = Math.max(delayMs, ...waiting.map(({ outcome }) => outcome.retryAfterMs ?? 0));
    onRetry?.(first.outcome.problem.status, waitMs);
    this.#retries.add(key, waiting, waitMs);
  }

  #resubmit(key: string, failed: readonly FailedEntry[]): void {
    const ready: Entry[] = [];
    for (const { entry, outcome } of failed) {
      const slot = this.#slotOf(entry.findingId);
      if (this.#cancelled !== undefined) this.#finishSent(entry, outcome);
      else if (slot.queued) this.#finishSent(entry, { kind: "superseded" });
      else {
        slot.sending = undefined;
        slot.queued = entry;
        ready.push(entry);
      }
    }
    this.#batches.add(key, ready);
  }

  #startSending(entry: Entry): void {
    const slot = this.#slotOf(entry.findingId);
    slot.queued = undefined;
    slot.sending = entry;
  }

  #finishQueued(entry: Entry, outcome: ChangeOutcome): void {
    const slot = this.#slotOf(entry.findingId);
    if (slot.queued === entry) slot.queued = undefined;
    finish(entry, outcome);
    this.#drop(entry.findingId, slot);
  }

  #finishSent(entry: Entry, outcome: ChangeOutcome): void {
    const slot = this.#slotOf(entry.findingId);
    slot.sending = undefined;
    finish(entry, outcome);
    const { queued } = slot;
    if (queued && this.#cancelled !== undefined) {
      this.#finishQueued(queued, failedNotSent(queued, this.#cancelled));
    } else if (queued) this.#addToGroup(queued);
    this.#drop(entry.findingId, slot);
  }

  #addToGroup(entry: Entry): void {
    this.#batches.add(keyOf(entry), [entry]);
  }

  #slotOf(findingId: string): Slot {
    let slot = this.#slots.get(findingId);
    if (!slot) {
      slot = { sending: undefined, queued: undefined };
      this.#slots.set(findingId, slot);
    }
    return slot;
  }

  #drop(findingId: string, slot: Slot): void {
    if (!slot.sending && !slot.queued) this.#slots.delete(findingId);
  }
}

/** What one try may have changed stays in doubt until another one is accepted. */
function withEarlierTries(entry: Entry, outcome: ChangeOutcome): ChangeOutcome {
  if (outcome.kind !== "failed") return outcome;
  entry.ambiguous ||= outcome.ambiguous;
  return { ...outcome, ambiguous: entry.ambiguous };
}

/**
 * A finding that has to wait longer than this for the rate limit fails, and the next deployment tries it
 * again.
 */
const LONGEST_WINDOW_MS = 60 * 60_000;

/** Whether a status tells of a failure that may be over at the next try. */
function isTransient(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}
