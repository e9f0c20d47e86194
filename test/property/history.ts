import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import { parseState } from "../../provider/lifecycle/assignmentState";
import { type EmulatedUser, SeededRandom } from "../emulator";
import type { DeploymentResult, StoredResource } from "../support/providerHarness";
import { type Scenario, scenario } from "../support/scenario";
import { leastRequests } from "./leastRequests";
import { Ledger } from "./ledger";
import { RandomProgram } from "./randomProgram";
import { randomFaults } from "./randomTrouble";

export interface HistoryReport {
  readonly seed: number;
  readonly deployments: number;
  readonly kills: number;
  readonly faults: number;
  /** Requests of all of it. */
  readonly requests: number;
  /** Requests of the last repair, when nothing went wrong any more, and the fewest that it needed. */
  readonly repair: number;
  readonly least: number;
}

/** Long enough for the search to show everything, and for the provider to trust it. */
const LAG_PASSES_MS = SEARCH_LAG_MS + 60_000;

/** Longer than any request takes to take effect. */
const MOMENT_MS = 60_000;

/**
 * What the last repair may cost, in terms of the fewest requests possible. Not the fewest, because nobody waits for company: the
 * first findings for a user travel alone, and whatever has to be looked up first travels after the others.
 */
export function repairBound(least: number): number {
  return 3 * least;
}

/** One random life of a stack, the same for the same seed. Throws where a promise is broken. */
export function playHistory(seed: number): Promise<HistoryReport> {
  const history = new History(seed);
  return history.s.clock.run(history.play());
}

export class History {
  readonly s: Scenario;
  readonly random: SeededRandom;
  readonly program: RandomProgram;
  readonly ledger: Ledger;
  readonly ids: readonly string[];
  readonly gone = new Set<string>();
  /** Share of the requests that something happens to. */
  readonly trouble: number;
  /** Whether deployments find the record of earlier ones; in CI each has a machine of its own. */
  readonly sameMachine: boolean;
  /** How many resources the engine has under way at once. */
  readonly parallel: number;
  /** After a kill the same program is run again, as a person does, until that goes well. */
  mustRepeat = false;
  deployments = 0;
  kills = 0;
  requests = 0;
  faults = 0;

  constructor(readonly seed: number) {
    const random = new SeededRandom(seed);
    this.random = random;
    const latency = random.pick([0, 20, 300]);
    this.parallel = random.pick([1, 4, 16]);
    this.sameMachine = random.next() < 0.5;
    this.trouble = random.pick([0, 0.05, 0.2, 0.5]);
    this.s = scenario({
      seed,
      findings: random.next() < 0.05 ? 250 : 10 + random.integer(40),
      parallel: this.parallel,
      searchLagMs: random.pick([0, 5_000, 60_000, 240_000]),
      latencyMs: () => random.integer(latency + 1),
      missingFindings: random.pick(["whole-batch-404", "failure-per-finding"]),
      errorShape: random.pick(["objects", "strings"]),
      config: { "datadog:httpClientRetryMaxRetries": String(random.pick([0, 2, 8])) },
    });
    const { emulator, ids } = this.s;
    this.ids = ids;
    for (const id of ids) {
      if (random.next() < 0.4) emulator.reassignByHand(id, random.pick(activeUsers(emulator.users)).id);
    }
    const declarable = ids.filter(() => random.next() < 0.8);
    this.program = new RandomProgram(random, declarable, activeUsers(emulator.users).slice(0, 4));
    this.ledger = new Ledger(emulator);
  }

  async play(): Promise<HistoryReport> {
    await this.lagPasses();
    const steps = 3 + this.random.integer(6);
    for (let step = 0; step < steps; step++) await this.step();
    return this.end();
  }

  private async step(): Promise<void> {
    const dice = this.random.next();
    if (dice < 0.55) await this.deploy();
    else if (dice < 0.68) await this.refresh();
    else if (dice < 0.82) await this.colleague();
    else if (dice < 0.9) this.vanish();
    else if (dice < 0.95) this.comeBack();
    else await this.s.clock.sleep(this.random.integer(LAG_PASSES_MS));
  }

  private async deploy(): Promise<void> {
    const changes = this.mustRepeat || this.deployments === 0 ? 0 : this.random.integer(5);
    for (let change = 0; change < changes; change++) this.program.change();
    const { errors, killed } = await this.underTrouble(() => this.up());
    if (killed) this.mustRepeat = true;
    else if (errors.size === 0) this.mustRepeat = false;
  }

  private async up(): Promise<DeploymentResult> {
    this.deployments++;
    if (!this.sameMachine) this.s.provider.acks.length = 0;
    const before = heldBy(this.s.provider.state);
    this.ledger.declare(this.program.owners(), this.s.clock.now());
    const result = await this.s.provider.up(this.program.inputs());
    this.ledger.assertNothingElseTouched();
    if (result.errors.size === 0 && !result.killed) this.ledger.assertReached();
    if (result.killed || result.errors.size > 0) this.noteBrokenMoves(before);
    for (const id of unansweredIn(this.s.provider.state))
      this.ledger.endedWithoutAnswer(id, this.s.clock.now());
    return result;
  }

  /** What was to move from one resource to another in a deployment that did not end well. */
  private noteBrokenMoves(before: ReadonlyMap<string, string>): void {
    for (const [name, { findingIds }] of this.program.resources) {
      for (const id of findingIds) if ((before.get(id) ?? name) !== name) this.ledger.moveBroke(id);
    }
  }

  private async refresh(): Promise<void> {
    await this.underTrouble(() => this.s.provider.refresh());
  }

  private async underTrouble(deployment: () => Promise<DeploymentResult>): Promise<DeploymentResult> {
    const { emulator } = this.s;
    const { random } = this;
    const nextFault = randomFaults(random, this.trouble);
    emulator.faults.random = (request) => {
      const fault = nextFault(request);
      if (fault) this.faults++;
      return fault;
    };
    if (this.trouble > 0 && random.next() < 0.3) this.failSomeFindings();
    const strict = random.next() < 0.15;
    emulator.setRateLimit(
      "assignee",
      strict ? { limit: 1 + random.integer(4), periodSeconds: 10 } : undefined,
    );
    this.breakOff();
    const result = await deployment();
    emulator.onRequest = undefined;
    if (result.killed) {
      this.kills++;
      // What a killed process had sent may still take effect; a person needs a moment, too.
      await this.s.clock.sleep(MOMENT_MS);
    }
    return result;
  }

  /** A kill or a Ctrl-C at one of the next requests, before or after it took effect. */
  private breakOff(): void {
    const { emulator, provider } = this.s;
    const dice = this.random.next();
    if (dice > 0.3) return;
    const when = this.random.pick(["before", "after"] as const);
    let left = 1 + this.random.integer(6);
    emulator.onRequest = ({ phase }) => {
      if (phase !== when || --left !== 0) return;
      if (dice < 0.07) provider.session.cancel();
      else provider.kill();
    };
  }

  private failSomeFindings(): void {
    for (let index = 0; index < 3; index++) {
      const status = this.random.pick([500, 503, 429, 409]);
      this.s.emulator.failFinding(this.random.pick(this.ids), { status, times: 1 + this.random.integer(6) });
    }
  }

  /** Someone works in Datadog's own pages; nothing is deployed before the search shows it. */
  private async colleague(): Promise<void> {
    const { emulator } = this.s;
    const users = activeUsers(emulator.users);
    await this.lagPasses();
    for (let index = 0; index <= this.random.integer(3); index++) {
      const id = this.random.pick(this.ids);
      if (this.gone.has(id)) continue;
      const user = this.random.next() < 0.2 ? null : this.random.pick(users).id;
      emulator.reassignByHand(id, user);
      this.ledger.changedByHand(id, user);
    }
    await this.lagPasses();
  }

  private vanish(): void {
    const id = this.random.pick(this.ids);
    this.s.emulator.removeFinding(id);
    this.gone.add(id);
    this.ledger.wentOrCame(id);
  }

  private comeBack(): void {
    for (const id of this.gone) {
      this.s.emulator.restoreFinding(id);
      this.ledger.wentOrCame(id);
    }
    this.gone.clear();
  }

  private async lagPasses(): Promise<void> {
    await this.s.clock.sleep(LAG_PASSES_MS);
  }

  private async end(): Promise<HistoryReport> {
    const { emulator } = this.s;
    this.requests += emulator.requests.count();
    emulator.reset();
    emulator.setRateLimit("assignee", undefined);
    const missing = await this.repairWithMissing();
    if (missing) this.comeBack();
    const repaired = await this.repair();
    assert.deepEqual([...repaired.errors.values()], []);
    await this.assertAtRest();
    const { seed, deployments, kills, faults, requests } = this;
    return { seed, deployments, kills, faults, requests, repair: repaired.requests, least: repaired.least };
  }

  /** @returns whether findings are missing of which the program says that none may */
  private async repairWithMissing(): Promise<boolean> {
    const missing = [...this.program.resources.values()]
      .filter((resource) => resource.onMissing === "fail")
      .flatMap(({ findingIds }) => [...findingIds].filter((id) => this.gone.has(id)));
    if (missing.length === 0) return false;
    const { errors } = await this.repair();
    const messages = [...errors.values()].map((error) => error.message).join("\n");
    assert.ok(messages.includes(missing[0] ?? ""), `missing ${missing[0]} is not named:\n${messages}`);
    return true;
  }

  private async repair() {
    const { emulator, provider } = this.s;
    await this.lagPasses();
    assert.deepEqual([...(await provider.refresh()).errors.values()], []);
    this.ledger.refreshed();
    emulator.requests.reset();
    const least = leastRequests(provider.state, this.program.resources, this.parallel === 16);
    const { errors } = await this.up();
    const requests = emulator.requests.count();
    if (this.gone.size === 0) {
      assert.ok(requests <= repairBound(least), `${requests} requests, ${least} would do`);
    }
    return { errors, requests, least };
  }

  /** Nothing is left to do, and nobody does anything. */
  private async assertAtRest(): Promise<void> {
    const { emulator, provider } = this.s;
    await this.lagPasses();
    const before = JSON.stringify([...provider.state]);
    await provider.refresh();
    assert.equal(JSON.stringify([...provider.state]), before, "a refresh without drift changed the state");
    emulator.requests.reset();
    await this.up();
    assert.equal(emulator.requests.count(), 0, "an up without changes sent something");
  }
}

/** Which resource of the state holds a finding, or may hold it. */
function heldBy(state: ReadonlyMap<string, StoredResource>): Map<string, string> {
  const holders = new Map<string, string>();
  for (const [name, { outputs }] of state) {
    const { findingIds, failures } = parseState(outputs);
    for (const { findingId } of failures) holders.set(findingId, name);
    for (const id of findingIds) holders.set(id, name);
  }
  return holders;
}

function unansweredIn(state: ReadonlyMap<string, StoredResource>): string[] {
  const failures = [...state.values()].flatMap(({ outputs }) => parseState(outputs).failures);
  return failures.filter(({ status }) => status === 0 || status >= 500).map(({ findingId }) => findingId);
}

function activeUsers(users: readonly EmulatedUser[]): EmulatedUser[] {
  return users.filter((user) => !user.disabled);
}
