import type { OwnershipSpec } from "../../core/ownership/rule";
import { NOTHING } from "../../core/query/catchAll";
import type { Finding } from "../../datadog/findingsApi";
import { type PageOfAll, searchPages } from "../../datadog/searchAll";
import type { Session } from "../session";

/** A count that stops somewhere: `more` says that there are more than `count`. */
export interface Tally {
  readonly count: number;
  readonly more: boolean;
}

export interface FoundChanges {
  readonly findings: readonly Finding[];
  /** Declared by a FindingsAssignment, which decides about them. */
  readonly claimed: readonly Finding[];
  /** Whether there are more than these: nothing is sent then, so they are not counted. */
  readonly more: boolean;
}

/** So many are counted where the number is only told. */
const ENOUGH = 100;

/**
 * The searches of one plan. Excluded findings never count, also where there are too many of them for the query; then the
 * searches read on over them, a request for each 100.
 */
export class PlanSearch {
  readonly #session: Session;
  readonly #excluded: ReadonlySet<string>;
  readonly #atMost: number;
  #count = 0;
  #more = false;

  constructor(session: Session, spec: OwnershipSpec) {
    this.#session = session;
    this.#excluded = new Set(spec.exclude);
    this.#atMost = spec.maxChanges ?? Number.POSITIVE_INFINITY;
  }

  /** How many changes were found. */
  get total(): Tally {
    return { count: this.#count, more: this.#more };
  }

  /** How many more changes are allowed. */
  get allowed(): number {
    return Math.max(0, this.#atMost - this.#count);
  }

  async anyOf(query: string): Promise<boolean> {
    return (await this.#countUpTo(1, query)).count > 0;
  }

  /** Counts up to 100. */
  tally(query: string): Promise<Tally> {
    return this.#countUpTo(ENOUGH, query);
  }

  /** All findings of a query; beyond `maxChanges` the first page alone, which tells what kind of changes are too many. */
  async changes(query: string): Promise<FoundChanges> {
    const findings: Finding[] = [];
    for await (const page of this.#pages(query)) {
      findings.push(...page.findings);
      const tooMany = this.#more || this.#changing(findings).length > this.allowed;
      if (page.more && tooMany) return this.add(findings, true);
    }
    return this.add(findings, false);
  }

  /**
   * Counts what is to change.
   * @param more whether there are more than these
   */
  add(found: readonly Finding[], more: boolean): FoundChanges {
    const findings = this.#changing(found);
    this.#count += findings.length;
    this.#more ||= more;
    const claimed = found.filter(({ id }) => this.#session.claims.has(id));
    return { findings, claimed, more };
  }

  #changing(found: readonly Finding[]): Finding[] {
    return found.filter(({ id }) => !this.#excluded.has(id) && !this.#session.claims.has(id));
  }

  async #countUpTo(enough: number, query: string): Promise<Tally> {
    let count = 0;
    for await (const page of this.#pages(query)) {
      count += page.findings.filter(({ id }) => !this.#excluded.has(id)).length;
      if (count >= enough) return { count, more: page.more };
    }
    return { count, more: false };
  }

  async *#pages(query: string): AsyncGenerator<PageOfAll> {
    const { api, cancelled: signal } = this.#session;
    if (query !== NOTHING) yield* searchPages(api, { query, signal });
  }
}
