import {
  type EmulatedFinding,
  type EmulatedUser,
  Emulator,
  type SeededRandom,
  type SimulatedClock,
  seedFindings,
  seedUsers,
} from "../emulator";
import type { Conditions } from "./conditions";
import { OwnerTimeline } from "./oracle/ownerTimeline";
import type { StoryTeller } from "./story";

export interface OutsideWorldOptions {
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly conditions: Conditions;
  readonly tell: StoryTeller;
}

/**
 * Datadog, and what becomes of its findings without us: colleagues give them to others, they vanish, come
 * back and appear.
 */
export class OutsideWorld {
  emulator: Emulator;
  readonly timeline: OwnerTimeline;
  /** Every finding, those that are gone included. */
  readonly ids: string[];
  /** Those that programs may declare. */
  readonly declarable: string[];
  readonly gone = new Set<string>();
  /** Those that no search shows. */
  readonly hidden: ReadonlySet<string>;
  /** By finding: all of its ticket, itself included. */
  readonly #tickets = new Map<string, readonly string[]>();
  #cameOrWentAt = Number.NEGATIVE_INFINITY;
  readonly #findings = new Map<string, EmulatedFinding>();
  #worlds = 0;
  #requests = 0;

  constructor(private readonly options: OutsideWorldOptions) {
    const { random, conditions } = options;
    const count = conditions.many ? 205 + random.integer(60) : 8 + random.integer(30);
    this.emulator = this.#newEmulator(count);
    this.ids = [...this.emulator.owners().keys()];
    this.hidden = new Set(this.ids.filter(() => random.next() < conditions.hidden));
    this.#hide();
    this.timeline = new OwnerTimeline(this.emulator, (id) =>
      this.hidden.has(id) ? Number.POSITIVE_INFINITY : conditions.searchLagMs,
    );
    this.declarable = this.ids.filter(() => random.next() < 0.8);
    if (conditions.tickets) for (let index = 0; index < 2; index++) this.#link();
  }

  /** Other findings of the ticket that a finding is linked to. */
  sharingTicket(findingId: string): string[] {
    return (this.#tickets.get(findingId) ?? []).filter((id) => id !== findingId);
  }

  /** Nobody tracks findings in tickets any more. */
  detachTickets(): void {
    this.emulator.tickets.detach([...this.#tickets.keys()]);
    this.#tickets.clear();
  }

  /** A ticket without an assignee for two or three findings that have none. */
  #link(): void {
    const { random, tell } = this.options;
    const size = 2 + random.integer(2);
    const free = this.declarable.filter((id) => !this.#tickets.has(id));
    if (free.length === 0) return;
    const linked = [...new Set(Array.from({ length: size }, () => random.pick(free)))];
    if (linked.length < 2) return;
    const { id, key } = this.emulator.tickets.create({ system: "jira" });
    this.emulator.tickets.attach(id, linked);
    for (const each of linked) this.#tickets.set(each, linked);
    tell(`${linked.join(" and ")} share ${key}`);
  }

  /** How many there were in all worlds. */
  get requests(): number {
    return this.#requests + this.emulator.requests.count();
  }

  /** Whether the search knows which findings there are. */
  get isIndexed(): boolean {
    const { clock, conditions } = this.options;
    return clock.now() >= this.#cameOrWentAt + conditions.searchLagMs;
  }

  /** Whether more are gone than a message names, or a batch may spend requests on. */
  get areManyGone(): boolean {
    return this.gone.size > 10;
  }

  /** What Datadog knows of a finding beside its owner. */
  finding(id: string): EmulatedFinding {
    const finding = this.#findings.get(id);
    if (!finding) throw new Error(`no finding ${id}`);
    return finding;
  }

  exists(findingId: string): boolean {
    return !this.gone.has(findingId);
  }

  activeUsers(): EmulatedUser[] {
    return this.emulator.users.filter((user) => !user.disabled);
  }

  /** What colleagues do in Datadog's own pages. */
  reassignSome(): void {
    const { random } = this.options;
    for (let index = 0; index <= random.integer(3); index++) {
      const id = random.pick(this.ids);
      if (!this.gone.has(id)) this.reassign(id);
    }
  }

  /** Somebody gives a finding to somebody, or to nobody. */
  reassign(id: string): void {
    const { random, tell } = this.options;
    const user = random.next() < 0.2 ? null : random.pick(this.activeUsers()).id;
    this.emulator.reassignByHand(id, user);
    tell(`a colleague gives ${id} to ${user ?? "nobody"}`);
  }

  vanish(): void {
    const { random, conditions, tell } = this.options;
    const count = 1 + random.integer(conditions.many ? 100 : 1);
    for (let index = 0; index < count; index++) {
      const id = random.pick(this.ids);
      this.emulator.removeFinding(id);
      this.gone.add(id);
      this.#noteComing(id);
    }
    tell(`${count} findings vanish`);
  }

  comeBack(): void {
    for (const id of this.gone) {
      this.emulator.restoreFinding(id);
      this.#noteComing(id);
    }
    if (this.gone.size > 0) this.options.tell(`${this.gone.size} findings come back`);
    this.gone.clear();
  }

  appear(): void {
    const { random, tell } = this.options;
    const [finding] = seedFindings({ count: 1, seed: 1_000_000 + random.integer(1_000_000) });
    if (!finding || this.ids.includes(finding.id)) return;
    this.emulator.addFindings([finding]);
    this.#findings.set(finding.id, finding);
    this.ids.push(finding.id);
    this.declarable.push(finding.id);
    this.#noteComing(finding.id);
    tell(`${finding.id} appears`);
  }

  /** The same findings in a fresh world, whose owners are the first ones again: some other ones. */
  restart(): void {
    const { clock, tell } = this.options;
    this.comeBack();
    this.#tickets.clear();
    this.#requests += this.emulator.requests.count();
    this.emulator = this.#newEmulator(this.ids);
    this.#hide();
    this.timeline.restart(this.emulator, clock.now());
    tell("the world begins anew");
  }

  /** Another organisation, with findings and users of its own. */
  otherOrganisation(): Emulator {
    const { seed, clock } = this.options;
    return new Emulator({
      clock,
      organisationId: "0b5f1c1e-1d1f-4a66-9d57-5f3d8a1f0c02",
      findings: seedFindings({ count: 8, seed: seed + 1, ownedShare: 0 }),
      users: seedUsers({ seed: seed + 1 }),
    });
  }

  /** Somebody leaves the company, or comes back. */
  leave(): void {
    const { random, tell } = this.options;
    const user = random.pick(this.emulator.users.slice(0, 5));
    this.emulator.putUser({ ...user, disabled: !user.disabled });
    tell(`${user.email} ${user.disabled ? "comes back" : "leaves"}`);
  }

  everybodyComesBack(): void {
    for (const user of this.emulator.users.filter(({ disabled }) => disabled))
      this.emulator.putUser({ ...user, disabled: false });
  }

  #hide(): void {
    for (const id of this.hidden) this.emulator.hideFinding(id);
  }

  #newEmulator(findings: number | readonly string[]): Emulator {
    const { seed, clock, random, conditions } = this.options;
    const count = typeof findings === "number" ? findings : findings.length;
    const owners = [...FIRST_OWNERS];
    const seeded = seedFindings({ count, seed, owners, ownedShare: 0.4 }).map((finding, index) => ({
      ...finding,
      id: typeof findings === "number" ? finding.id : (findings[index] ?? finding.id),
      ...(this.#worlds > 0 && random.next() < 0.5 && { assigneeId: random.pick(owners) }),
    }));
    for (const finding of seeded) this.#findings.set(finding.id, finding);
    this.#worlds++;
    const { latencyMs, searchLagMs, missingFindings, errorShape, updatedAtForm, nobodyForm } = conditions;
    return new Emulator({
      clock,
      findings: seeded,
      searchLagMs,
      missingFindings,
      errorShape,
      updatedAtForm,
      nobodyForm,
      ...(conditions.foreignIds && { idInProblems: foreignForm }),
      latencyMs: () => random.integer(latencyMs + 1),
    });
  }

  #noteComing(findingId: string): void {
    const now = this.options.clock.now();
    this.#cameOrWentAt = now;
    this.timeline.wentOrCame(findingId, now);
  }
}

/** Another form of an id: without its padding, or in capitals. */
function foreignForm(findingId: string): string {
  return findingId.endsWith("=") ? findingId.replace(/=+$/, "") : findingId.toUpperCase();
}

/** UUIDs of the emulator's active users. */
const FIRST_OWNERS = new Emulator().users.filter((user) => !user.disabled).map(({ id }) => id);
