import { inProcessSend, type SeededRandom, type SimulatedClock } from "../emulator";
import type { StartProvider } from "../stack/providerProcess";
import { Stack } from "../stack/stack";
import type { DeploymentResult } from "../stack/stackOptions";
import { type Conditions, lateRegistration, MOST_SKEW_MS } from "./conditions";
import { DeploymentTrouble } from "./deploymentTrouble";
import { BrokenPromise } from "./oracle/brokenPromise";
import { type DeploymentRecord, declaredOwners, isWholeSuccess, tells } from "./oracle/deploymentRecord";
import {
  demandFewRequests,
  demandNothingAgain,
  demandSilence,
  type Spent,
  settledFindings,
} from "./oracle/fewRequests";
import { demandFailuresNamed } from "./oracle/namedFailures";
import { demandReached, demandTicketsKept, type World } from "./oracle/reachedState";
import { leastRequests } from "./oracle/requestBound";
import { demandRightfulChanges } from "./oracle/rightfulChanges";
import { LAG_IS_ASSUMED_MS, StackRecord } from "./oracle/stackRecord";
import { ToldState } from "./oracle/toldState";
import { deployWithOtherKeys } from "./otherKeys";
import type { OutsideWorld } from "./outsideWorld";
import { RandomProgram } from "./randomProgram";
import type { StoryTeller } from "./story";

export interface StackPlayerOptions {
  readonly name: string;
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly conditions: Conditions;
  readonly world: OutsideWorld;
  readonly tell: StoryTeller;
  /** Default: the dynamic provider. */
  readonly start?: StartProvider | undefined;
}

/** So many missing findings are told apart in any batch. */
const FEW = 5;

/** What may be missing, and was not told apart, is tried again by the next deployment. */
const WAITS = /waits? for the next deployment/;
/** What a failed resource was to take over stays with the one that goes. */
const MOVING = /could not be released: another resource declares/;

/** Whether a deployment has told that some findings are left to the next one. */
export function saysThatSomeWait({ printed }: Pick<DeploymentRecord, "printed">): boolean {
  return printed.some((line) => WAITS.test(line));
}

/** Longer than any answer takes that nothing holds up. */
const ANSWER_MS = 1_000;

/** How long an answer under way is waited for at Ctrl-C. */
const GRACE_MS = 10_000;

/** Longer than any request takes to take effect. */
const MOMENT_MS = 60_000;

export interface Options {
  readonly only?: readonly string[];
  readonly refresh?: boolean;
  readonly continueOnError?: boolean;
}

/** One stack of a history: a program that changes, deployments under trouble, and the demands on each. */
export class StackPlayer {
  readonly stack: Stack;
  readonly record: StackRecord;
  readonly told = new ToldState();
  program: RandomProgram;
  /** After a kill the same program is run again, as most people do, until that goes well. */
  #mustRepeat = false;
  kills = 0;
  faults = 0;

  constructor(private readonly options: StackPlayerOptions) {
    const { name, clock, random, conditions, world, start } = options;
    const registersAfter = lateRegistration(conditions);
    this.stack = new Stack({
      clock,
      random: () => random.next(),
      connect: () => inProcessSend(world.emulator),
      parallel: conditions.parallel,
      ...(registersAfter && { registersAfter }),
      config: { "datadog:httpClientRetryMaxRetries": String(conditions.retries) },
      start,
    });
    this.record = new StackRecord(name, world.timeline);
    const users = world.activeUsers().slice(0, 4);
    this.program = new RandomProgram(random, world.declarable, users, conditions.many ? 40 : 1).begin();
  }

  /** An `up` of the program, mostly a changed one, under trouble. */
  async deploy(): Promise<void> {
    const { random } = this.options;
    const before = this.program.copy();
    const isFirst = this.record.deployments.length === 0;
    const changes = this.#mustRepeat || isFirst ? 0 : random.integer(5);
    for (let change = 0; change < changes; change++) this.program.change();
    if (changes > 0 && random.next() < 0.15) await this.#dropWhatWasTaken();
    const deployment = await this.#troubled("up", {
      ...(!this.#mustRepeat && !isFirst && random.next() < 0.1 && { only: this.#someNames() }),
      refresh: random.next() < 0.1,
      continueOnError: random.next() < 0.1,
    });
    if (deployment.killed) {
      this.#mustRepeat = random.next() < 0.6;
      if (!this.#mustRepeat && random.next() < 0.5) this.program = before;
    } else if (isWholeSuccess(deployment)) this.#mustRepeat = false;
  }

  /** A colleague takes a finding, the search shows it, and the program drops it. */
  async #dropWhatWasTaken(): Promise<void> {
    const { clock, random, conditions, world } = this.options;
    const declared = [...this.program.owners().keys()].filter((id) => world.exists(id));
    if (declared.length === 0) return;
    const id = random.pick(declared);
    await clock.sleep(5_000);
    world.reassign(id);
    await clock.sleep(conditions.searchLagMs + 1_000);
    this.program.drop(id);
  }

  async refresh(): Promise<void> {
    await this.#troubled("refresh", { refresh: true });
  }

  /** Without trouble; whatever it demands is demanded here, too. */
  calmUp(): Promise<DeploymentRecord> {
    return this.#play("up", {}, undefined);
  }

  calmRefresh(): Promise<DeploymentRecord> {
    return this.#play("refresh", { refresh: true }, undefined);
  }

  calmDestroy(): Promise<DeploymentRecord> {
    return this.#play("destroy", {}, undefined);
  }

  /** Somebody has the keys of another organisation configured. */
  async withOtherKeys(): Promise<void> {
    const { random, world, tell } = this.options;
    const { stack, record } = this;
    const kind = random.pick(["up", "refresh", "destroy"] as const);
    tell(`${record.name}: ${kind} with the keys of another organisation`);
    const last = record.deployments.at(-1);
    const holds = last !== undefined && isWholeSuccess(last) && declaredOwners(last.lists).size > 0;
    await deployWithOtherKeys({ stack, world, kind, program: this.program.inputs(), holds });
  }

  #someNames(): string[] {
    return [...this.program.resources.keys()].filter(() => this.options.random.next() < 0.5);
  }

  async #troubled(kind: DeploymentRecord["kind"], options: Options): Promise<DeploymentRecord> {
    const { clock, random, conditions, world, tell } = this.options;
    this.stack.skewMs = conditions.clocksAreRight ? 0 : random.integer(2 * MOST_SKEW_MS) - MOST_SKEW_MS;
    const trouble = new DeploymentTrouble({
      emulator: world.emulator,
      random,
      findingIds: world.ids,
      share: conditions.trouble,
      retries: conditions.retries,
      findingRetries: Math.min(4, conditions.retries),
      now: () => clock.now(),
      kill: () => this.stack.kill(),
      cancel: () => this.stack.cancel(),
      colleague: random.next() < 0.3 ? () => world.reassignSome() : undefined,
      tell,
    });
    return this.#play(kind, options, trouble);
  }

  async #play(
    kind: DeploymentRecord["kind"],
    options: Options,
    trouble: DeploymentTrouble | undefined,
  ): Promise<DeploymentRecord> {
    const { clock, conditions, world, tell } = this.options;
    const index = this.record.deployments.length;
    const lists = kind === "up" ? this.program.copy().resources : new Map();
    const mayRefresh = kind === "refresh" || options.refresh === true;
    const from = clock.now();
    const searchTells = world.gone.size === 0 || (world.isIndexed && world.hidden.size === 0);
    const requestsBefore = world.emulator.requests.all.length;
    tell(`${this.record.name} #${index} ${describe(kind, lists, options)}`);
    this.record.begin(index);
    const result = await this.#run(kind, options);
    const to = clock.now();
    const lingering = trouble?.lingering ?? 0;
    trouble?.end();
    const requests = world.emulator.requests.all.slice(requestsBefore);
    tell(`  ${summary(result, requests.length)}${trouble ? `; ${trouble.describe()}` : ""}`);
    // What a killed or cancelled process had sent may still take effect; a person needs a moment, too.
    if (result.killed || trouble?.cancelled) await clock.sleep(MOMENT_MS);
    const events = world.timeline.takeOver({ kind: "stack", stack: this.record.name, deployment: index });
    if (mayRefresh) this.told.forget((id) => this.#isInDoubt(id, index, { from, to }));
    const together = conditions.parallel === 16;
    const least = kind === "refresh" ? 0 : leastRequests(this.told, lists, together);
    const settled = this.#canTellSettled() ? settledFindings(this.told, lists) : new Map();
    const deployment: DeploymentRecord = {
      index,
      kind,
      lists,
      only: options.only,
      refreshes: result.refreshed,
      blind: trouble?.blind ?? false,
      from,
      to,
      killed: result.killed,
      cancelled: trouble?.cancelled ?? false,
      errors: new Map([...result.errors].map(([name, { message }]) => [name, message])),
      printed: result.printed,
    };
    this.record.end(deployment, events, requests);
    const waiting = result.printed.filter((line) => WAITS.test(line));
    const hasAssigned = (id: string, user: string) =>
      world.exists(id) && this.record.hasLastGiven(id, user) && !tells(waiting, id);
    // The engine changes nothing where a refresh fails.
    if (!mayRefresh || result.refreshed) this.told.deployed(deployment, events, hasAssigned);
    this.kills += result.killed ? 1 : 0;
    this.faults += trouble?.faults ?? 0;
    const truth: World = {
      exists: (id) => world.exists(id),
      ownerOf: (id) => (world.exists(id) ? world.emulator.ownerOf(id) : null),
      conditions,
      severalGone: world.gone.size > 1,
      sharingTicket: (id) => world.sharingTicket(id),
    };
    demandRightfulChanges(this.record, deployment, events);
    demandTicketsKept(this.record, deployment, events, truth);
    if (isWholeSuccess(deployment)) {
      demandReached(this.record, deployment, truth);
    }
    if (trouble) {
      demandFailuresNamed(deployment, trouble.answers.refused, truth);
      demandSilence(requests, trouble.cancelledAt);
      if (lingering > GRACE_MS + ANSWER_MS)
        throw new BrokenPromise(`${lingering} ms to end after it was cancelled`);
    }
    if (this.#hasToSucceed(deployment, trouble) && deployment.errors.size > 0)
      throw new BrokenPromise(`retries would do: ${[...deployment.errors.values()].join("\n")}`);
    // Which finding failed under a foreign id, or is missing, takes requests for each.
    const mayFail = (trouble?.failures ?? 0) + world.gone.size > 0;
    const told = conditions.foreignIds && mayFail ? 2 * world.ids.length : 0;
    // Which findings share a ticket takes a search for each release.
    const linked = conditions.tickets ? 2 * lists.size + 2 : 0;
    const cost = (trouble?.cost ?? 0) + told;
    const spent: Spent = { requests: requests.length, least, mishaps: cost + linked + 2 * world.gone.size };
    const isBounded = !mayRefresh && searchTells;
    if (isBounded && (world.gone.size === 0 || cost === 0)) demandFewRequests(deployment, spent);
    for (const event of events) if (!this.record.isOurs(event)) settled.delete(event.findingId);
    // What loses its owner with a finding of its ticket that is released is assigned again.
    for (const { findingIds = [], assigneeId = null } of requests)
      if (assigneeId === null)
        for (const id of findingIds.flatMap((each) => world.sharingTicket(each))) settled.delete(id);
    demandNothingAgain(
      this.record,
      deployment,
      settled,
      requests.flatMap(({ findingIds = [], assigneeId = null }) =>
        findingIds.map((id) => [id, assigneeId] as const),
      ),
    );
    return deployment;
  }

  #run(kind: DeploymentRecord["kind"], options: Options): Promise<DeploymentResult> {
    if (kind === "refresh") return this.stack.refresh();
    return kind === "destroy" ? this.stack.destroy() : this.stack.up(this.program.inputs(), options);
  }

  /** The last `up` has told how everything is; refreshes since may have put some of it in doubt. */
  #canTellSettled(): boolean {
    const last = this.record.deployments.findLast(
      ({ kind, errors, killed }) => kind !== "refresh" || errors.size > 0 || killed,
    );
    return last !== undefined && isWholeSuccess(last);
  }

  /**
   * A refresh may take it for changed: somebody has changed it, before or meanwhile, it went or came, or the
   * search still shows what was before, and is not expected to any more, or does not say when that was.
   */
  #isInDoubt(
    findingId: string,
    deployment: number,
    { from, to }: Pick<DeploymentRecord, "from" | "to">,
  ): boolean {
    const { conditions, world } = this.options;
    const { timeline } = this.record;
    const last = timeline
      .of(findingId)
      .findLast(
        (event) =>
          !(this.record.isOurs(event) && event.by.kind === "stack" && event.by.deployment === deployment),
      );
    if (timeline.lastComing(findingId) !== undefined || world.hidden.has(findingId)) return true;
    if (!last || !this.record.isOurs(last)) return true;
    if (last.shownFrom <= from) return false;
    // The resource that it has left may have sent it once more, for the other one, whose state is older then
    // than what the search shows: that is somebody else's, or of a deployment that was killed.
    const shown = timeline.of(findingId).findLast(({ shownFrom }) => shownFrom <= to);
    const isKnown = shown && this.record.isOurs(shown) && !this.record.deploymentOf(shown)?.killed;
    if (shown && !isKnown && this.record.hasMoved(findingId)) return true;
    return !conditions.timesAreKnown || to - last.at >= LAG_IS_ASSUMED_MS - ANSWER_MS;
  }

  /**
   * Whether a deployment that meets this has to succeed: nothing that it needs is gone, and nobody stops it.
   */
  #hasToSucceed(
    { kind, lists, blind, killed, cancelled, errors }: DeploymentRecord,
    trouble: DeploymentTrouble | undefined,
  ): boolean {
    const { world } = this.options;
    if (killed || cancelled || trouble?.bearable === false) return false;
    if (this.options.conditions.foreignIds && ((trouble?.failures ?? 0) > 0 || world.gone.size > 0))
      return false;
    if (kind === "refresh" && blind) return false;
    if (world.gone.size > (blind ? 0 : 1) && !world.isIndexed) return false;
    if (world.gone.size > FEW) return false;
    if (world.gone.size > 0 && world.hidden.size > 0) return false;
    const leavers = new Set(world.emulator.users.flatMap(({ id, disabled }) => (disabled ? id : [])));
    if ([...lists.values()].some(({ user }) => leavers.has(user.id))) return false;
    // Findings of one ticket that are declared for two users are refused.
    const texts = [...errors.values()].filter((text) => !MOVING.test(text));
    if (this.options.conditions.tickets && texts.every((text) => text.includes("ticket"))) return false;
    const gone = [...world.gone];
    const demands = (id: string) =>
      [...lists.values()].some(({ onMissing, findingIds }) => onMissing === "fail" && findingIds.has(id));
    return !gone.some(demands);
  }
}

function describe(kind: string, lists: DeploymentRecord["lists"], options: Options): string {
  const flags = [
    options.only ? `--target ${options.only.join(",")}` : "",
    options.refresh && kind !== "refresh" ? "--refresh" : "",
    options.continueOnError ? "--continue-on-error" : "",
  ].filter((flag) => flag !== "");
  const declared = [...lists].map(
    ([name, { findingIds, user, onMissing }]) =>
      `${name}(${user.id.slice(0, 4)}${onMissing === "ignore" ? ", ignore" : ""}): ${[...findingIds].join(" ")}`,
  );
  return [kind, ...flags, ...(declared.length > 0 ? [`\n    ${declared.join("\n    ")}`] : [])].join(" ");
}

function summary({ errors, killed }: DeploymentResult, requests: number): string {
  const failed = [...errors].map(([name, { message }]) => `${name}: ${message.split("\n").join(" / ")}`);
  const how = killed ? "killed" : failed.length === 0 ? "succeeds" : `fails: ${failed.join("; ")}`;
  return `${how}, ${requests} requests`;
}
