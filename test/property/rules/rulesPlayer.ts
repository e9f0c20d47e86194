import { z } from "zod";
import { inProcessSend, type SeededRandom, type SimulatedClock } from "../../emulator";
import type { StartProvider } from "../../stack/providerProcess";
import { Stack } from "../../stack/stack";
import type { DeploymentResult } from "../../stack/stackOptions";
import { type Conditions, MOST_SKEW_MS } from "../conditions";
import { DeploymentTrouble } from "../deploymentTrouble";
import { BrokenPromise } from "../oracle/brokenPromise";
import { isWholeSuccess } from "../oracle/deploymentRecord";
import { demandSilence } from "../oracle/fewRequests";
import type { OwnerEvent } from "../oracle/ownerTimeline";
import { StackRecord } from "../oracle/stackRecord";
import { deployWithOtherKeys } from "../otherKeys";
import type { OutsideWorld } from "../outsideWorld";
import type { StoryTeller } from "../story";
import { ruleFor } from "./declaredRules";
import { RandomRules } from "./randomRules";
import {
  demandOverlapsRefused,
  demandReachedByRules,
  demandReleasedByRules,
  demandRightfulByRules,
  isLeftInDoubt,
  isMistake,
  MISTAKE,
  type RulesRecord,
  type RulesWorld,
} from "./ruleDemands";

export interface RulesPlayerOptions {
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly conditions: Conditions;
  readonly world: OutsideWorld;
  readonly tell: StoryTeller;
  /** Default: the dynamic provider. */
  readonly start?: StartProvider | undefined;
}

/** Longer than any request takes to take effect. */
const MOMENT_MS = 60_000;

/** A stack of rules: a program that changes, deployments under trouble, and the demands on each. */
export class RulesPlayer {
  readonly stack: Stack;
  readonly record: StackRecord;
  readonly deployments: RulesRecord[] = [];
  program: RandomRules;
  kills = 0;
  faults = 0;

  constructor(private readonly options: RulesPlayerOptions) {
    const { clock, random, conditions, world, start } = options;
    this.stack = new Stack({
      clock,
      random: () => random.next(),
      connect: () => inProcessSend(world.emulator),
      parallel: conditions.parallel,
      config: { "datadog:httpClientRetryMaxRetries": String(conditions.retries) },
      start,
    });
    this.record = new StackRecord("rules", world.timeline);
    const waits = conditions.parallel === 1 || random.next() < 0.5;
    const users = world.activeUsers().slice(0, 4);
    this.program = new RandomRules(random, world.declarable, users, waits).begin();
  }

  /** An `up` of a changed program, under trouble. What is refused as a mistake is taken back. */
  async deploy(): Promise<void> {
    const { clock, random, conditions, world, tell } = this.options;
    const before = this.program.copy();
    if (this.deployments.length > 0)
      for (let change = random.integer(4); change > 0; change--) this.program.change();
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
      colleague: random.next() < 0.2 ? () => world.reassignSome() : undefined,
      tell,
    });
    const deployment = await this.#play("up", trouble);
    if (isMistake(deployment.errors)) this.program = before;
    else if (deployment.killed && random.next() < 0.3) this.program = before;
  }

  /** Somebody has the keys of another organisation configured. */
  async withOtherKeys(): Promise<void> {
    const { random, world, tell } = this.options;
    const kind = random.pick(["up", "refresh"] as const);
    tell(`${kind} with the keys of another organisation`);
    const last = this.deployments.at(-1);
    const holds = last?.kind === "up" && isWholeSuccess(last) && !last.blind && last.leavers.size === 0;
    const program = this.program.inputs();
    await deployWithOtherKeys({ stack: this.stack, world, kind, program, holds });
  }

  calmUp(): Promise<RulesRecord> {
    return this.#play("up", undefined);
  }

  calmRefresh(): Promise<RulesRecord> {
    return this.#play("refresh", undefined);
  }

  calmDestroy(): Promise<RulesRecord> {
    return this.#play("destroy", undefined);
  }

  async #play(kind: RulesRecord["kind"], trouble: DeploymentTrouble | undefined): Promise<RulesRecord> {
    const { clock, world, tell } = this.options;
    const index = this.deployments.length;
    const program = this.program.copy();
    const from = clock.now();
    const requestsBefore = world.emulator.requests.all.length;
    tell(`#${index} ${kind} ${kind === "up" ? `\n    ${describe(program)}` : ""}`);
    this.record.begin(index);
    const result = await this.#run(kind);
    const to = clock.now();
    trouble?.end();
    const requests = world.emulator.requests.all.slice(requestsBefore);
    tell(`  ${summary(result)}, ${requests.length} requests; ${trouble?.describe() ?? ""}`);
    // What a killed or cancelled process had sent may still take effect.
    if (result.killed || trouble?.cancelled) await clock.sleep(MOMENT_MS);
    const events = world.timeline.takeOver({ kind: "stack", stack: this.record.name, deployment: index });
    const past = [...this.deployments];
    const deployment: RulesRecord = {
      index,
      kind,
      lists: kind === "up" ? program.lists : new Map(),
      ownerships: kind === "up" ? program.ownerships : new Map(),
      leavers: new Set(world.emulator.users.flatMap(({ id, disabled }) => (disabled ? [id] : []))),
      only: undefined,
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
    this.deployments.push(deployment);
    this.kills += result.killed ? 1 : 0;
    this.faults += trouble?.faults ?? 0;
    this.#demand(past, deployment, events, result);
    if (trouble) demandSilence(requests, trouble.cancelledAt);
    const mustSucceed =
      kind === "up" &&
      this.#hasToSucceed(deployment, trouble) &&
      !isLeftInDoubt(this.record, deployment, requests);
    if (mustSucceed && deployment.errors.size > 0)
      throw new BrokenPromise(`retries would do: ${[...deployment.errors.values()].join("\n")}`);
    return deployment;
  }

  #demand(
    past: readonly RulesRecord[],
    deployment: RulesRecord,
    events: readonly OwnerEvent[],
    result: DeploymentResult,
  ): void {
    const { record } = this;
    const world = this.#truth(deployment);
    if (deployment.kind === "refresh" && deployment.errors.size > 0) return;
    demandRightfulByRules(record, past, deployment, events, world);
    // Without seeing who has what there is nothing to do, and that is told.
    if (!isWholeSuccess(deployment) || deployment.blind) return;
    demandOverlapsRefused(deployment, world);
    demandReachedByRules(record, past, deployment, world);
    demandReleasedByRules(record, past, deployment, world);
    this.#demandNumbers(deployment, events, result, world);
  }

  #run(kind: RulesRecord["kind"]): Promise<DeploymentResult> {
    if (kind === "refresh") return this.stack.refresh();
    return kind === "destroy"
      ? this.stack.destroy()
      : this.stack.up(this.program.inputs(), { first: this.program.first });
  }

  /** What a lone resource says that it has assigned is what Datadog has. */
  #demandNumbers(
    { ownerships, lists }: RulesRecord,
    events: readonly OwnerEvent[],
    { changed }: DeploymentResult,
    world: RulesWorld,
  ): void {
    const [name] = changed;
    const declared = ownerships.get(name ?? "");
    if (name === undefined || changed.size !== 1 || lists.size > 0 || !declared) return;
    const { results, total } = numbers.parse(this.stack.state.get(name)?.outputs);
    const given = new Map<string, Set<string>>();
    for (const event of events) {
      if (!this.record.isOurs(event) || event.to === null) continue;
      const { name: rule, user } = ruleFor(declared, world.finding(event.findingId)) ?? {};
      // What it releases may go over to the rules of another resource.
      if (rule === undefined || user?.id !== event.to) continue;
      given.set(rule, (given.get(rule) ?? new Set()).add(event.findingId));
    }
    for (const { name: rule, assigned } of results) {
      const truth = given.get(rule)?.size ?? 0;
      if (assigned !== truth)
        throw new BrokenPromise(`rule "${rule}" says ${assigned} findings assigned, and Datadog ${truth}`);
    }
    const sum = [...given.values()].reduce((all, ids) => all + ids.size, 0);
    if (total !== sum) throw new BrokenPromise(`a total of ${total} is told, and Datadog says ${sum}`);
  }

  #truth({ from }: RulesRecord): RulesWorld {
    const { world, conditions } = this.options;
    const isIndexed = (id: string) =>
      (world.timeline.lastComing(id) ?? Number.NEGATIVE_INFINITY) + conditions.searchLagMs <= from;
    return {
      finding: (id) => world.finding(id),
      settledFindings: world.ids.filter((id) => world.exists(id) && isIndexed(id)),
      ownerOf: (id) => (world.exists(id) ? world.emulator.ownerOf(id) : null),
      lastOwnerOf: (id) => world.emulator.ownerOf(id),
      // A lagging search still shows what has vanished.
      isShown: (id) => world.exists(id) || !isIndexed(id),
      sharingTicket: (id) => world.sharingTicket(id),
      conditions,
    };
  }

  #hasToSucceed(
    { killed, cancelled, blind, ownerships, lists, leavers, errors }: RulesRecord,
    trouble: DeploymentTrouble | undefined,
  ): boolean {
    const { world } = this.options;
    if (killed || cancelled || blind || trouble?.bearable === false) return false;
    if (world.gone.size > 0 && (!world.isIndexed || lists.size > 0)) return false;
    // A rule that can never match is a mistake; so is a delete before the search shows what it would leave
    // behind.
    if (
      [...errors.values()].every((text) => MISTAKE.test(text) || TOO_SOON.test(text) || /ticket/.test(text))
    )
      return false;
    return ![...ownerships.values()].some(({ rules }) => rules.some(({ user }) => leavers.has(user.id)));
  }
}

const TOO_SOON = /run the same command again later/;

const numbers = z.object({
  results: z.array(z.object({ name: z.string(), assigned: z.number() })),
  total: z.number(),
});

function describe({ ownerships, lists }: RandomRules): string {
  const rules = [...ownerships].map(
    ([name, { rules: all, scope, exclude, releaseRemoved, keepOnDelete }]) => {
      const each = all.map(
        (rule) =>
          `${rule.name}: ${rule.condition.query} -> ${rule.user.id.slice(0, 4)}${rule.overwrite ? " overwrite" : ""}`,
      );
      const settings = [
        scope ? `scope ${scope.query}` : "",
        exclude.length > 0 ? `exclude ${exclude.join(" ")}` : "",
        releaseRemoved ? "releaseRemoved" : "",
        keepOnDelete ? "keep" : "",
      ];
      return `${name} (${settings.filter((text) => text !== "").join(", ")}): ${each.join("; ")}`;
    },
  );
  const pins = [...lists].map(
    ([name, { findingIds, user }]) => `${name}(${user.id.slice(0, 4)}): ${[...findingIds].join(" ")}`,
  );
  return [...rules, ...pins].join("\n    ");
}

function summary({ errors, killed }: DeploymentResult): string {
  const failed = [...errors].map(([name, { message }]) => `${name}: ${message.split("\n").join(" / ")}`);
  if (killed) return "killed";
  return failed.length === 0 ? "succeeds" : `fails: ${failed.join("; ")}`;
}
