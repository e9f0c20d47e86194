import type { RequestBudget } from "./requestBudget";

/**
 * What became of a part: Datadog took all of it, refused it because of findings that it does not know, or
 * anything else.
 */
export type PartAnswer = "accepted" | "notFound" | "other";

export interface BisectedBatch {
  /** Refused by themselves. */
  readonly rejected: readonly string[];
  /** In parts that were refused, or not sent, when the requests ran out. */
  readonly unclear: readonly string[];
}

export interface BisectOptions {
  readonly send: (findingIds: readonly string[]) => Promise<PartAnswer>;
  readonly budget: RequestBudget;
  /** Whether most of them are likely to be refused: then, where both halves are, each is sent by itself. */
  readonly mostAreMissing: boolean;
  /** Asked when both halves are refused, before they are halved in turn; true ends it. */
  readonly shouldStop: () => boolean;
}

/**
 * Halves a batch that was refused until the findings that sink it stand alone. At first the largest part is
 * halved, so that as many of the others as possible are taken; with half of the requests the smallest, so
 * that some findings are told apart for good, however many sink the batch: the next deployment has fewer.
 */
export async function bisectRefusedBatch(
  findingIds: readonly string[],
  options: BisectOptions,
): Promise<BisectedBatch> {
  const search = new Halving(options);
  await search.run(findingIds);
  return search;
}

type Part = readonly string[];

class Halving implements BisectedBatch {
  readonly rejected: string[] = [];
  readonly unclear: string[] = [];
  /** Parts that were refused, or must be since all others of a refused one were taken. */
  #refused: Part[] = [];

  constructor(private readonly options: BisectOptions) {}

  async run(findingIds: Part): Promise<void> {
    this.#refused.push(findingIds);
    for (let part = this.#next(); part; part = this.#next()) {
      if (part.length === 1) this.rejected.push(...part);
      else await this.#halve(part);
    }
  }

  async #halve(part: Part): Promise<void> {
    const middle = Math.ceil(part.length / 2);
    const [first, second] = [part.slice(0, middle), part.slice(middle)];
    const answer = await this.#send(first);
    // Then the other half sinks the batch, and its own halves tell more. A lone finding is sent all the same:
    // it is the proof.
    if (answer === "accepted" && second.length > 1) {
      this.#refused.push(second);
      return;
    }
    const bothRefused = (await this.#send(second)) === "notFound" && answer === "notFound";
    if (bothRefused && this.options.shouldStop()) this.unclear.push(...this.#refused.splice(0).flat());
    else if (bothRefused && this.options.mostAreMissing) {
      for (const refused of this.#refused.splice(0)) {
        if (refused.length === 1) this.rejected.push(...refused);
        else for (const id of refused) await this.#send([id]);
      }
    }
  }

  async #send(part: Part): Promise<PartAnswer> {
    if (!this.options.budget.spend()) {
      this.unclear.push(...part);
      return "other";
    }
    const answer = await this.options.send(part);
    if (answer === "notFound") this.#refused.push(part);
    return answer;
  }

  #next(): Part | undefined {
    this.#refused.sort((one, other) => other.length - one.length);
    return this.options.budget.halfSpent ? this.#refused.pop() : this.#refused.shift();
  }
}
