import type { EmulatedAssignee, EmulatedFinding } from "./findingModel";
import type { EmulatedTicket } from "./ticketStore";

/** A finding as something sees it at one moment: the API of record, or the search index behind it. */
export interface FindingView {
  readonly finding: EmulatedFinding;
  readonly assignee: EmulatedAssignee | null;
  readonly ticket?: EmulatedTicket | undefined;
}

/** What happened to the owner of one finding, in the order in which it happened. */
export interface OwnerChange {
  readonly at: number;
  readonly findingId: string;
  readonly from: string | null;
  readonly to: string | null;
  /** `ticket`: it followed another finding of the same ticket, or the ticket itself. */
  readonly by: "api" | "hand" | "ticket";
}

interface Entry {
  finding: EmulatedFinding;
  assignee: EmulatedAssignee | null;
  exists: boolean;
  /** What the search knows: the same, `searchLagMs` later. */
  indexed: IndexedView;
  /** Number of the last change that the index has taken over. */
  indexedChange: number;
}

interface IndexedView extends FindingView {
  readonly exists: boolean;
}

interface PendingIndexing {
  readonly visibleAt: number;
  readonly change: number;
  readonly entry: Entry;
  readonly view: IndexedView;
}

export interface FindingStoreOptions {
  readonly now: () => number;
  /** ms until the search sees a change of this finding. */
  readonly lagOf: (findingId: string) => number;
  readonly ticketOf: (findingId: string) => EmulatedTicket | undefined;
}

/** The findings and their owners, with a search index that may lag behind. */
export class FindingStore {
  /** Findings whose owner was set through the API, to whomever. */
  readonly touched = new Set<string>();
  readonly changes: OwnerChange[] = [];
  private readonly entries = new Map<string, Entry>();
  private readonly hidden = new Set<string>();
  private sorted: Entry[] | undefined;
  private pending: PendingIndexing[] = [];
  private changeCount = 0;

  constructor(private readonly options: FindingStoreOptions) {}

  /** With `indexed` the search knows it at once, otherwise after the lag. */
  add(given: EmulatedFinding, assignee: EmulatedAssignee | null, indexed: boolean): void {
    if (this.entries.has(given.id)) throw new Error(`finding ${given.id} exists already`);
    // Datadog's tags are lower case, however they were sent.
    const finding = { ...given, tags: given.tags.map((tag) => tag.toLowerCase()) };
    const view = { finding, assignee, exists: indexed };
    const entry = { finding, assignee, exists: true, indexed: view, indexedChange: 0 };
    this.entries.set(finding.id, entry);
    this.sorted = undefined;
    if (!indexed) this.index(entry);
  }

  has(findingId: string): boolean {
    return this.entries.get(findingId)?.exists === true;
  }

  assigneeOf(findingId: string): EmulatedAssignee | null {
    return this.entry(findingId).assignee;
  }

  setExists(findingId: string, exists: boolean): void {
    const entry = this.entry(findingId);
    entry.exists = exists;
    this.index(entry);
  }

  change(findingId: string, attributes: Partial<Omit<EmulatedFinding, "id" | "assigneeId">>): void {
    const entry = this.entry(findingId);
    entry.finding = { ...entry.finding, ...attributes };
    this.index(entry);
  }

  assign(findingId: string, assignee: EmulatedAssignee | null, by: OwnerChange["by"]): void {
    const entry = this.entry(findingId);
    const change = { findingId, from: entry.assignee?.id ?? null, to: assignee?.id ?? null, by };
    this.changes.push({ at: this.options.now(), ...change });
    if (by === "api") this.touched.add(findingId);
    entry.assignee = assignee;
    this.index(entry);
  }

  owners(): Map<string, string | null> {
    const owners = new Map<string, string | null>();
    for (const [id, entry] of this.entries) if (entry.exists) owners.set(id, entry.assignee?.id ?? null);
    return owners;
  }

  /** A hidden finding exists and can be assigned, but no search shows it. */
  setHidden(findingId: string, hidden: boolean): void {
    const { id } = this.entry(findingId).finding;
    if (hidden) this.hidden.add(id);
    else this.hidden.delete(id);
  }

  /** What the search sees now: newest detection first, ids break ties. */
  *indexed(): Generator<FindingView> {
    this.takeOverPending();
    for (const { indexed } of this.inOrder()) if (this.isShown(indexed)) yield indexed;
  }

  indexedById(findingId: string): FindingView | undefined {
    this.takeOverPending();
    const view = this.entries.get(findingId)?.indexed;
    return view !== undefined && this.isShown(view) ? view : undefined;
  }

  /** Lets the search learn, after the lag, what has changed beside the owner. */
  reindex(findingId: string): void {
    this.index(this.entry(findingId));
  }

  private isShown({ exists, finding }: IndexedView): boolean {
    return exists && (this.hidden.size === 0 || !this.hidden.has(finding.id));
  }

  private entry(findingId: string): Entry {
    const entry = this.entries.get(findingId);
    if (entry === undefined) throw new Error(`no finding ${findingId} in the emulator`);
    return entry;
  }

  private index(entry: Entry): void {
    const { finding, assignee, exists } = entry;
    const view = { finding, assignee, exists, ticket: this.options.ticketOf(finding.id) };
    this.changeCount += 1;
    const lag = this.options.lagOf(finding.id);
    const item = { visibleAt: this.options.now() + lag, change: this.changeCount, entry, view };
    if (lag <= 0) takeOver(item);
    else this.pending.push(item);
  }

  private takeOverPending(): void {
    if (this.pending.length === 0) return;
    const now = this.options.now();
    const due = this.pending.filter((item) => item.visibleAt <= now);
    if (due.length === 0) return;
    this.pending = this.pending.filter((item) => item.visibleAt > now);
    due.forEach(takeOver);
  }

  private inOrder(): Entry[] {
    this.sorted ??= [...this.entries.values()].sort((a, b) => newestFirst(a.finding, b.finding));
    return this.sorted;
  }
}

/** The lag may differ from finding to finding and be changed at run time: an older change never wins. */
function takeOver(item: PendingIndexing): void {
  if (item.change < item.entry.indexedChange) return;
  item.entry.indexed = item.view;
  item.entry.indexedChange = item.change;
}

export function newestFirst(
  a: { readonly detectedAt: number; readonly id: string },
  b: { readonly detectedAt: number; readonly id: string },
): number {
  if (a.detectedAt !== b.detectedAt) return b.detectedAt - a.detectedAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
