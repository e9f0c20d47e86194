import type { Emulator, LoggedRequest, RequestEvent, SeededRandom } from "../emulator";
import { FindingAnswers } from "./findingAnswers";
import { bearableFaults, randomFaults } from "./randomTrouble";
import type { StoryTeller } from "./story";

export interface TroubleOptions {
  readonly emulator: Emulator;
  readonly random: SeededRandom;
  readonly findingIds: readonly string[];
  /** Share of the requests that something happens to. */
  readonly share: number;
  /** How often a request is sent again, and a finding that fails alone in its batch. */
  readonly retries: number;
  readonly findingRetries: number;
  readonly now: () => number;
  readonly kill: () => void;
  readonly cancel: () => void;
  /** What a colleague does while the deployment is under way; undefined: nothing. */
  readonly colleague: (() => void) | undefined;
  readonly tell: StoryTeller;
}

/** What goes wrong in one deployment. */
export class DeploymentTrouble {
  /** Whether retries are enough for all of it: then the deployment has to succeed. */
  readonly bearable: boolean;
  /** Whether the keys may not search. */
  readonly blind: boolean;
  /** Requests that met a fault. */
  faults = 0;
  /** How often single findings may have failed. */
  failures = 0;
  brokenOff = false;
  readonly answers: FindingAnswers;
  #cancelledAt = Number.POSITIVE_INFINITY;
  readonly #failing: string[] = [];
  readonly #firstRequest: number;

  constructor(private readonly options: TroubleOptions) {
    const { emulator, random, share, retries } = options;
    this.answers = new FindingAnswers(emulator);
    this.#firstRequest = emulator.requests.all.length;
    this.bearable = share === 0 || (retries > 0 && random.next() < 0.5);
    this.blind = random.next() < 0.05;
    const next = this.bearable ? bearableFaults(random, share, retries) : randomFaults(random, share);
    emulator.faults.random = (request) => {
      const fault = next(request);
      if (fault) this.faults++;
      return fault;
    };
    if (share > 0 && random.next() < 0.3) this.#failSomeFindings();
    const strict = random.next() < 0.15;
    emulator.setRateLimit(
      "assignee",
      strict ? { limit: 1 + random.integer(4), periodSeconds: 10 } : undefined,
    );
    if (this.blind) emulator.keys.permit("write", "users");
    const interrupt = this.#interruption();
    emulator.onRequest = (event) => {
      this.answers.note(event);
      interrupt?.(event);
    };
  }

  get #log(): readonly LoggedRequest[] {
    return this.options.emulator.requests.all.slice(this.#firstRequest);
  }

  get cancelled(): boolean {
    return this.#cancelledAt !== Number.POSITIVE_INFINITY;
  }

  /** Infinity: it was not. */
  get cancelledAt(): number {
    return this.#cancelledAt;
  }

  /** How long it went on after it was cancelled, ms. */
  get lingering(): number {
    return Math.max(0, this.options.now() - this.#cancelledAt);
  }

  /** Requests that were sent once more, or may have been, because of all this. */
  get cost(): number {
    const refused = this.#log.filter(
      ({ outcome, fault }) => (outcome === 429 || outcome === 403) && fault === undefined,
    );
    return this.faults + this.failures + refused.length;
  }

  end(): void {
    const { emulator } = this.options;
    emulator.onRequest = undefined;
    emulator.faults.random = undefined;
    emulator.setRateLimit("assignee", undefined);
    for (const id of this.#failing) emulator.failFinding(id, { status: 500, times: 0 });
    if (this.blind) emulator.keys.permit("write", "read", "users");
  }

  /** In a few words. */
  describe(): string {
    const parts = [
      this.blind ? "keys may not search" : "",
      this.faults > 0 ? `${this.faults} faults` : "",
      this.#failing.length > 0 ? `failing: ${this.#failing.join(", ")}` : "",
    ];
    return parts.filter((part) => part !== "").join("; ");
  }

  #failSomeFindings(): void {
    const { emulator, random, findingIds, findingRetries } = this.options;
    for (let index = 0; index < 3; index++) {
      const status = random.pick(this.bearable ? [500, 503, 429] : [500, 503, 429, 409]);
      const times = this.bearable ? random.integer(findingRetries + 1) : 1 + random.integer(6);
      const id = random.pick(findingIds);
      emulator.failFinding(id, { status, times });
      this.#failing.push(id);
      this.failures += times;
    }
  }

  /** A kill, a Ctrl-C or a colleague at one of the next requests, before or after it took effect. */
  #interruption(): ((event: RequestEvent) => void) | undefined {
    const { random, colleague } = this.options;
    const dice = random.next();
    if (dice > (colleague ? 0.45 : 0.3)) return undefined;
    const when = random.pick(["before", "after"] as const);
    let left = 1 + random.integer(6);
    return ({ phase }) => {
      if (phase !== when || --left !== 0) return;
      if (dice > 0.3) colleague?.();
      else this.#breakOff(dice < 0.07);
    };
  }

  #breakOff(byCtrlC: boolean): void {
    this.brokenOff = true;
    this.options.tell(byCtrlC ? "  Ctrl-C" : "  SIGKILL");
    if (!byCtrlC) return this.options.kill();
    this.#cancelledAt = this.options.now();
    this.options.cancel();
  }
}
