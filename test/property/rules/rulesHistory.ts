import { SeededRandom, SimulatedClock } from "../../emulator";
import type { StartProvider } from "../../stack/providerProcess";
import { type Conditions, drawConditions } from "../conditions";
import { FailedHistory, type HistoryReport } from "../history";
import { BrokenPromise } from "../oracle/brokenPromise";
import { LAG_IS_ASSUMED_MS } from "../oracle/stackRecord";
import { OutsideWorld } from "../outsideWorld";
import { Story } from "../story";
import { RulesPlayer } from "./rulesPlayer";

/** From this time on after an assignment a destroy believes the search as it is, ms: the README says so. */
const SEARCH_IS_BELIEVED_MS = 15 * 60_000;

/**
 * One random life of a stack of rules, the same for the same seed.
 * @param mostSteps ends it after so many steps
 * @param start default: the dynamic provider
 * @throws FailedHistory where a promise is broken
 */
export async function playRulesHistory(
  seed: number,
  mostSteps = Number.POSITIVE_INFINITY,
  start?: StartProvider,
): Promise<HistoryReport> {
  const history = new RulesHistory(seed, mostSteps, start);
  try {
    return await history.clock.run(history.play());
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    const past = cause instanceof BrokenPromise ? cause.past(history.world.timeline) : [];
    const story = [...history.story.lines, ...(past.length > 0 ? ["its owners:", ...past] : [])];
    throw new FailedHistory(seed, history.steps, story, cause);
  }
}

class RulesHistory {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly conditions: Conditions;
  readonly world: OutsideWorld;
  readonly player: RulesPlayer;
  readonly story: Story;
  steps = 0;

  constructor(
    readonly seed: number,
    private readonly mostSteps: number,
    start?: StartProvider,
  ) {
    const { clock } = this;
    const random = new SeededRandom(seed);
    this.random = random;
    // What no search shows, no rule can see; failures under other ids and fresh worlds are what lists are
    // proved with.
    const off = {
      many: false,
      hidden: 0,
      foreignIds: false,
      restarts: false,
      stacks: 1,
    } as const;
    this.conditions = { ...drawConditions(random), ...off };
    this.story = new Story(clock);
    const { conditions } = this;
    const { tell } = this.story;
    tell(JSON.stringify(conditions));
    this.world = new OutsideWorld({ seed, clock, random, conditions, tell });
    this.player = new RulesPlayer({ clock, random, conditions, world: this.world, tell, start });
  }

  async play(): Promise<HistoryReport> {
    await this.#lagPasses();
    const steps = Math.min(this.mostSteps, 2 + this.random.integer(5));
    for (let step = 0; step < steps; step++) {
      this.steps++;
      await this.#step();
    }
    await this.#end();
    const { seed, player, world } = this;
    const { kills, faults } = player;
    return { seed, deployments: player.deployments.length, kills, faults, requests: world.requests };
  }

  async #step(): Promise<void> {
    const { random, world, conditions, clock } = this;
    if (random.next() < 0.03) await this.player.withOtherKeys();
    const dice = random.next();
    if (dice < 0.57) await this.player.deploy();
    // Whether the search shows yet what was assigned or not.
    else if (dice < 0.6) await this.player.calmDestroy();
    else if (dice < 0.7) await this.#lagPasses();
    else if (dice < 0.85) {
      world.reassignSome();
      await clock.sleep(random.integer(LAG_IS_ASSUMED_MS));
    } else if (dice < 0.9 && conditions.leavers) world.leave();
    else if (dice < 0.93) world.vanish();
    else if (dice < 0.96) world.comeBack();
    else await clock.sleep(random.integer(LAG_IS_ASSUMED_MS));
    world.timeline.takeOver(undefined);
  }

  /**
   * When nothing goes wrong any more, an `up` reaches what is declared, a second one sends nothing, and a
   * destroy leaves nothing.
   */
  async #end(): Promise<void> {
    const { world, player } = this;
    world.everybodyComesBack();
    world.detachTickets();
    world.comeBack();
    await this.#lagPasses();
    const { errors } = await player.calmUp();
    if (errors.size === 0) {
      // Where owners have no times, what replaced rules gave away counts as theirs until the search is believed.
      if (this.conditions.timesAreKnown) await this.#lagPasses();
      else await this.clock.sleep(SEARCH_IS_BELIEVED_MS + 60_000);
      await player.calmUp();
      await this.#lagPasses();
      const before = world.emulator.requests.count("assignee");
      await player.calmUp();
      if (world.emulator.requests.count("assignee") > before)
        throw new BrokenPromise("an up without changes sent something");
    }
    await this.clock.sleep(SEARCH_IS_BELIEVED_MS + 60_000);
    const destroyed = await player.calmDestroy();
    if (destroyed.errors.size > 0)
      throw new BrokenPromise(`destroy failed: ${[...destroyed.errors.values()].join("\n")}`);
  }

  /** Long enough for the search to show everything, and for the provider to trust it. */
  async #lagPasses(): Promise<void> {
    await this.clock.sleep(Math.max(this.conditions.searchLagMs, LAG_IS_ASSUMED_MS) + 60_000);
  }
}
