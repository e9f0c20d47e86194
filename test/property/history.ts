import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import { parseState } from "../../provider/lifecycle/assignmentState";
import { SeededRandom } from "../emulator";
import type { DeploymentResult } from "../support/providerHarness";
import { type Scenario, scenario } from "../support/scenario";
import { DeploymentTrouble } from "./deploymentTrouble";
import { finalRepair } from "./finalRepair";
import { leastRequests, requestBound } from "./leastRequests";
import { Ledger } from "./ledger";
import { activeUsers, OutsideWorld } from "./outsideWorld";
import { RandomProgram } from "./randomProgram";
import { heldBy, keptFindings, openIn, sortHeld, unansweredIn } from "./storedFindings";

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

/** So many missing findings are told apart in any batch. */
const FEW = 5;

/** Longer than any answer takes that nothing holds up. */
const FAREWELL_MS = 1_000;

/** Longer than any request takes to take effect. */
const MOMENT_MS = 60_000;

/** One random life of a stack, the same for the same seed. Throws where a promise is broken. */
export function playHistory(seed: number): Promise<HistoryReport> {
  const history = new History(seed);
  return history.s.clock.run(history.play());
}

export class History {
  readonly s: Scenario;
  readonly random: SeededRandom;
  program: RandomProgram;
  readonly ledger: Ledger;
  readonly outside: OutsideWorld;
  readonly ids: string[];
  /** Share of the requests that something happens to. */
  readonly trouble: number;
  /** How often a request is sent again. */
  readonly retries: number;
  /** Whether deployments find the record of earlier ones; in CI each has a machine of its own. */
  readonly sameMachine: boolean;
  /** How many resources the engine has under way at once. */
  readonly parallel: number;
  /** After a kill the same program is run again, as most people do, until that goes well. */
  mustRepeat = false;
  /** What a deployment of some resources has released, although another one declares it. */
  readonly releasedInPart = new Set<string>();
  /** Requests of killed and partial deployments since the last that went well: what these have changed may have to be changed again. */
  undone = 0;
  /** Whether the last deployment came to its end: then the state tells what is as declared. */
  clean = false;
  /** What the last deployment was told to have done, when it was killed. */
  workOfKilled: ReadonlyMap<string, string | null> | undefined;
  endedAt = 0;
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
    this.retries = random.pick([0, 2, 8]);
    const many = random.next() < 0.05;
    const searchLagMs = random.pick([0, 5_000, 60_000, 240_000]);
    this.s = scenario({
      seed,
      findings: many ? 250 + random.integer(100) : 10 + random.integer(40),
      parallel: this.parallel,
      searchLagMs,
      latencyMs: () => random.integer(latency + 1),
      missingFindings: random.pick(["whole-batch-404", "failure-per-finding"]),
      errorShape: random.pick(["objects", "strings"]),
      config: { "datadog:httpClientRetryMaxRetries": String(this.retries) },
    });
    const { emulator, ids } = this.s;
    this.ids = [...ids];
    for (const id of ids) {
      if (random.next() < 0.4) emulator.reassignByHand(id, random.pick(activeUsers(emulator)).id);
    }
    const declarable = ids.filter(() => random.next() < 0.8);
    this.program = new RandomProgram(
      random,
      declarable,
      activeUsers(emulator).slice(0, 4),
      many ? 40 : 1,
    ).begin();
    this.ledger = new Ledger(emulator, searchLagMs, this.sameMachine);
    const now = () => this.s.clock.now();
    const { ids: all, ledger } = this;
    const mostVanish = many ? 100 : 1;
    this.outside = new OutsideWorld({
      emulator,
      random,
      ledger,
      now,
      searchLagMs,
      ids: all,
      declarable,
      mostVanish,
    });
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
    else if (dice < 0.75) await this.colleague();
    else if (dice < 0.82) await this.hastyColleague();
    else if (dice < 0.88) this.outside.vanish();
    else if (dice < 0.91) this.outside.appear();
    else if (dice < 0.95) this.outside.comeBack();
    else await this.s.clock.sleep(this.random.integer(LAG_PASSES_MS));
  }

  private async deploy(): Promise<void> {
    const before = this.program.copy();
    const changes = this.mustRepeat || this.deployments === 0 ? 0 : this.random.integer(5);
    for (let change = 0; change < changes; change++) this.program.change();
    const least = leastRequests(this.s.provider.state, this.program.resources, this.parallel === 16);
    const searchTells = this.outside.gone.size === 0 || this.outside.isIndexed;
    const done = this.doneBefore();
    const { undone } = this;
    const { staying, leaving } = sortHeld(this.s.provider.state, this.program.resources);
    const only = this.targets();
    const { result, trouble } = await this.underTrouble((trouble) => this.up(trouble, only));
    if (only) this.notePartial(trouble);
    if (result.killed) this.noteKilled(before, trouble);
    else if (result.errors.size === 0 && !only) {
      this.mustRepeat = false;
      this.undone = 0;
    }
    if (this.isPossible(trouble, leaving))
      assert.deepEqual([...result.errors.values()], [], "retries would do");
    const { requests, cost } = trouble;
    if (searchTells && !only && (this.outside.gone.size === 0 || cost === 0))
      this.assertFewRequests(requests, least, cost + 2 * undone);
    const released = trouble.sent.flatMap(([id, user]) => (user === null ? id : []));
    assert.deepEqual(
      released.filter((id) => staying.has(id)),
      [],
      "unassigned on the way",
    );
    if (done && (this.clean || cost === 0)) this.assertNotSentAgain(done, trouble);
    this.clean = !result.killed && result.errors.size === 0 && !only;
    this.endedAt = this.s.clock.now();
  }

  /** The resources of a `pulumi up --target`; undefined: all, as mostly. */
  private targets(): string[] | undefined {
    if (this.mustRepeat || this.deployments === 0 || this.random.next() > 0.1) return undefined;
    return [...this.program.resources.keys()].filter(() => this.random.next() < 0.5);
  }

  /** What it has released may be declared by a resource that was not asked. */
  private notePartial(trouble: DeploymentTrouble): void {
    this.undone += trouble.requests;
    const owners = this.program.owners();
    for (const [id, user] of trouble.sent) if (user === null && owners.has(id)) this.releasedInPart.add(id);
  }

  /**
   * Without the record of the machine, only the state of the resource that let go of a finding tells, and only the next deployment: where
   * that is of all, keeps the resource and goes well.
   */
  private forgetPartial(isTold: boolean): void {
    if (this.sameMachine || isTold) return;
    for (const id of this.releasedInPart) this.ledger.cannotKnow(id);
  }

  /** Somebody runs the same again, or something else, or takes it back. */
  private noteKilled(before: RandomProgram, trouble: DeploymentTrouble): void {
    const held = new Map(
      [...this.s.provider.state.values()].flatMap(({ outputs }) => {
        const { findingIds, assigneeId } = parseState(outputs);
        return findingIds.map((id) => [id, assigneeId] as const);
      }),
    );
    for (const [id, user] of trouble.sent) {
      if (held.get(id) !== user) this.ledger.sentByKilled(id, user);
    }
    this.undone += trouble.requests;
    this.mustRepeat = this.random.next() < 0.6;
    if (!this.mustRepeat && this.random.next() < 0.5) this.program = before;
  }

  /** What the next deployment need not do again: what the state tells, or what a killed one has done, if nobody else did anything. */
  private doneBefore(): ReadonlyMap<string, string | null> | undefined {
    if (this.clean) return keptFindings(this.s.provider.state, this.program.resources);
    return this.outside.changedAt < this.endedAt ? this.workOfKilled : undefined;
  }

  /** What is as declared is left alone; what a killed deployment was told to have done, its successor on the same machine looks up. */
  private assertNotSentAgain(done: ReadonlyMap<string, string | null>, { sent }: DeploymentTrouble): void {
    const released = new Set(sent.flatMap(([id, user]) => (user === null ? id : [])));
    const again = sent.filter(([id, user]) => !released.has(id) && done.get(id) === user);
    assert.deepEqual(again, [], "sent again, although it was accepted");
  }

  /** Whether a deployment that meets this has to succeed: nothing that it needs is gone, and nobody stops it. */
  private isPossible(
    { bearable, blind, brokenOff }: DeploymentTrouble,
    leaving: ReadonlySet<string>,
  ): boolean {
    if (!bearable || brokenOff) return false;
    if (this.outside.gone.size > (blind ? 0 : 1) && !this.outside.isIndexed) return false;
    const resources = [...this.program.resources.values()];
    const demands = (id: string) =>
      resources.some(({ onMissing, findingIds }) => onMissing === "fail" && findingIds.has(id));
    const gone = [...this.outside.gone];
    return !gone.some(demands) && gone.filter((id) => leaving.has(id)).length <= FEW;
  }

  /** @param only the resources that are deployed; undefined: all */
  async up(trouble: { readonly blind: boolean }, only?: readonly string[]): Promise<DeploymentResult> {
    this.deployments++;
    const { state } = this.s.provider;
    this.forgetPartial(!only && [...state.keys()].every((name) => this.program.resources.has(name)));
    const before = heldBy(state);
    this.ledger.declare(this.program.owners(), this.s.clock.now(), trouble.blind);
    const result = await this.s.provider.up(this.program.inputs(), only);
    this.ledger.deployed(this.s.clock.now());
    this.ledger.assertNothingElseTouched();
    const isWell = result.errors.size === 0 && !result.killed;
    this.forgetPartial(isWell);
    if (!only) this.releasedInPart.clear();
    if (isWell && !only) this.ledger.assertReached(this.untold());
    if (!isWell || only) this.noteBrokenMoves(before);
    for (const id of unansweredIn(this.s.provider.state))
      this.ledger.endedWithoutAnswer(id, this.s.clock.now());
    return result;
  }

  /** What a deployment that went well has left to the next, because it may be missing. */
  private untold(): ReadonlySet<string> {
    return this.outside.gone.size > 1 ? new Set(openIn(this.s.provider.state)) : new Set();
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

  private async underTrouble(deployment: (trouble: DeploymentTrouble) => Promise<DeploymentResult>) {
    const { emulator, provider, clock } = this.s;
    const { random } = this;
    const trouble = new DeploymentTrouble({
      emulator,
      random,
      findingIds: this.ids,
      share: this.trouble,
      retries: this.retries,
      findingRetries: Math.min(4, this.retries),
      now: () => clock.now(),
      kill: () => provider.kill(),
      cancel: () => provider.session.cancel(),
      colleague: random.next() < 0.3 ? () => this.outside.reassignSome() : undefined,
    });
    const result = await deployment(trouble);
    trouble.end();
    this.faults += trouble.faults;
    assert.equal(trouble.afterCancel, 0, "sent after the deployment was cancelled");
    assert.ok(trouble.lingering <= FAREWELL_MS, `${trouble.lingering} ms to end after it was cancelled`);
    if (result.killed) {
      this.kills++;
      // What a killed process had sent may still take effect; a person needs a moment, too.
      await clock.sleep(MOMENT_MS);
    }
    return { result, trouble };
  }

  /** What is missing costs a search and another request: where the search knows of it. */
  assertFewRequests(requests: number, least: number, mishaps: number): void {
    const bound = requestBound(least, this.program.resources.size, mishaps + 2 * this.outside.gone.size);
    assert.ok(requests <= bound, `${requests} requests, ${least} would do, ${mishaps} for what went wrong`);
  }

  /** Someone works in Datadog's own pages; nothing is deployed before the search shows it. */
  private async colleague(): Promise<void> {
    await this.lagPasses();
    this.outside.reassignSome();
    await this.lagPasses();
  }

  /** Someone does so shortly after a deployment, and shortly before the next. */
  private async hastyColleague(): Promise<void> {
    const { clock } = this.s;
    await clock.sleep(2_000 + this.random.integer(20_000));
    this.outside.reassignSome();
    await clock.sleep(this.random.integer(SEARCH_LAG_MS));
  }

  async lagPasses(): Promise<void> {
    await this.s.clock.sleep(LAG_PASSES_MS);
  }

  private async end(): Promise<HistoryReport> {
    const { emulator } = this.s;
    this.requests += emulator.requests.count();
    emulator.reset();
    emulator.setRateLimit("assignee", undefined);
    const { requests: repair, least } = await finalRepair(this);
    const { seed, deployments, kills, faults, requests } = this;
    return { seed, deployments, kills, faults, requests, repair, least };
  }
}
