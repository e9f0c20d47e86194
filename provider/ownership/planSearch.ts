import type { Finding } from "../datadog/model/findingsApi";
import { type PageOfAll, searchPages } from "../datadog/searchAll";
import { NOTHING } from "../query/catchAll";
import type { OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import type { Tally } from "./plannedOwnership";

export interface FoundChanges {
  readonly findings: readonly Finding[];
  /** Declared by a FindingsAssignment, which decides about them. */
  readonly claimed: readonly Finding[];
  /** Whether there are more than these: nothing is sent then, so they are not counted. */
  readonly more: boolean;
}

/** The first of a query's findings. */
export interface FirstFindings {
  readonly findings: readonly Finding[];
  /** Whether there are more than these. */
  readonly more: boolean;
}

/** So many findings are counted where the number is only told. */
const COUNTED_FINDINGS = 100;

/**
 * The searches of one plan. Excluded findings never count, also where there are too many of them for the
 * query; then the searches read on over them, a request for each 100.
 */
export class PlanSearch {
  readonly #session: Session;
  readonly #excluded: ReadonlySet<string>;
  readonly #atMost: number;
  readonly #changing = new Set<string>();
  readonly #seenAt = new Map<string, number>();
  readonly #onFound: (findings: number) => void;
  #more = false;
  #answeredAt: number | undefined;

  /** @param onFound called with the number of findings of each page, for progress */
  constructor(session: Session, spec: OwnershipSpec, onFound: (findings: number) => void = () => {}) {
    this.#session = session;
    this.#onFound = onFound;
    this.#excluded = new Set(spec.exclude);
    this.#atMost = spec.maxChanges ?? Number.POSITIVE_INFINITY;
  }

  /** How many changes were found. */
  get total(): Tally {
    return { count: this.#changing.size, more: this.#more };
  }

  /** Ids of the findings that change. */
  get changing(): ReadonlySet<string> {
    return this.#changing;
  }

  /** When Datadog showed a finding that is to change, by its id, ms by our own clock. */
  get seenAt(): ReadonlyMap<string, number> {
    return this.#seenAt;
  }

  /** How many more changes are allowed. */
  get allowed(): number {
    return Math.max(0, this.#atMost - this.#changing.size);
  }

  /** When Datadog answered first, ms since the epoch by its clock; undefined as long as nothing was asked. */
  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  async anyOf(query: string): Promise<boolean> {
    return (await this.#upTo(1, query)).findings.length > 0;
  }

  /** Up to 100, or somewhat more. */
  first(query: string): Promise<FirstFindings> {
    return this.#upTo(COUNTED_FINDINGS, query);
  }

  /**
   * All findings of a query; beyond `maxChanges` the first page alone, which tells what kind of changes are
   * too many.
   */
  async changes(query: string): Promise<FoundChanges> {
    const findings: Finding[] = [];
    const claimed: Finding[] = [];
    for await (const page of this.#pages(query)) {
      const now = this.#session.clock.now();
      const tooMany = this.#more || this.#toChange(page.findings).length > this.allowed;
      const more = page.more && tooMany;
      const found = this.add(page.findings, more);
      for (const { id } of found.findings) this.#seenAt.set(id, now);
      findings.push(...found.findings);
      claimed.push(...found.claimed);
      if (more) return { findings, claimed, more };
    }
    return { findings, claimed, more: false };
  }

  /**
   * Counts what is to change.
   * @param more whether there are more than these
   */
  add(found: readonly Finding[], more: boolean): FoundChanges {
    const findings = this.#toChange(found);
    for (const { id } of findings) this.#changing.add(id);
    this.#more ||= more;
    const claimed = found.filter(({ id }) => this.#session.claims.has(id));
    return { findings, claimed, more };
  }

  /** Takes back what was counted. */
  leaveOut(findingIds: Iterable<string>): void {
    for (const id of findingIds) this.#changing.delete(id);
  }

  /** Counts what is to be unassigned, also where it is excluded by now. */
  addReleases(findings: readonly Finding[], more: boolean): void {
    for (const { id } of findings) this.#changing.add(id);
    this.#more ||= more;
  }

  #toChange(found: readonly Finding[]): Finding[] {
    return found.filter(({ id }) => !this.#excluded.has(id) && !this.#session.claims.has(id));
  }

  async #upTo(enough: number, query: string): Promise<FirstFindings> {
    const findings: Finding[] = [];
    for await (const page of this.#pages(query)) {
      findings.push(...page.findings.filter(({ id }) => !this.#excluded.has(id)));
      if (findings.length >= enough) return { findings, more: page.more };
    }
    return { findings, more: false };
  }

  async *#pages(query: string): AsyncGenerator<PageOfAll> {
    if (query === NOTHING) return;
    const { api, cancelled: signal } = this.#session;
    for await (const page of searchPages(api, { query, signal })) {
      this.#answeredAt = Math.min(this.#answeredAt ?? page.answeredAt, page.answeredAt);
      this.#onFound(page.findings.length);
      yield page;
    }
  }
}
