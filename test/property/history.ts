import { SeededRandom, SimulatedClock } from "../emulator";
import type { StartProvider } from "../stack/providerProcess";
import { type Conditions, drawConditions } from "./conditions";
import { finalRepair } from "./finalRepair";
import { BrokenPromise } from "./oracle/brokenPromise";
import { LAG_IS_ASSUMED_MS } from "./oracle/stackRecord";
import { OutsideWorld } from "./outsideWorld";
import { StackPlayer } from "./stackPlayer";
import { Story } from "./story";

export interface HistoryReport {
  readonly seed: number;
  readonly deployments: number;
  readonly kills: number;
  readonly faults: number;
  readonly requests: number;
}

/** A history in which a promise is broken. */
export class FailedHistory extends Error {
  override readonly name = "FailedHistory";

  /** @param story what happened, a line each */
  constructor(
    readonly seed: number,
    readonly steps: number,
    readonly story: readonly string[],
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}

/**
 * One random life of one or two stacks, the same for the same seed.
 * @param mostSteps ends it after so many steps
 * @param start default: the dynamic provider
 * @throws FailedHistory where a promise is broken
 */
export async function playHistory(
  seed: number,
  mostSteps = Number.POSITIVE_INFINITY,
  start?: StartProvider,
): Promise<HistoryReport> {
  const history = new History(seed, mostSteps, start);
  try {
    return await history.clock.run(history.play());
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    const past = cause instanceof BrokenPromise ? cause.past(history.world.timeline) : [];
    const story = [...history.story.lines, ...(past.length > 0 ? ["its owners:", ...past] : [])];
    throw new FailedHistory(seed, history.steps, story, cause);
  }
}

export class History {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly conditions: Conditions;
  readonly world: OutsideWorld;
  readonly players: readonly StackPlayer[];
  readonly story: Story;
  steps = 0;

  constructor(
    readonly seed: number,
    private readonly mostSteps: number,
    start?: StartProvider,
  ) {
    const { clock } = this;
    const random = new SeededRandom(seed);
    const conditions = drawConditions(random);
    this.random = random;
    this.conditions = conditions;
    this.story = new Story(clock);
    const { tell } = this.story;
    tell(JSON.stringify(conditions));
    const world = new OutsideWorld({ seed, clock, random, conditions, tell });
    this.world = world;
    this.players = ["dev", "prod"]
      .slice(0, conditions.stacks)
      .map((name) => new StackPlayer({ name, clock, random, conditions, world, tell, start }));
  }

  async play(): Promise<HistoryReport> {
    await this.lagPasses();
    const steps = Math.min(this.mostSteps, 3 + this.random.integer(6));
    for (let step = 0; step < steps; step++) {
      this.steps++;
      await this.#step();
    }
    await finalRepair(this);
    const { seed, players, world } = this;
    const sum = (part: (player: StackPlayer) => number) => players.reduce((all, each) => all + part(each), 0);
    return {
      seed,
      deployments: sum(({ record }) => record.deployments.length),
      kills: sum(({ kills }) => kills),
      faults: sum(({ faults }) => faults),
      requests: world.requests,
    };
  }

  /** Long enough for the search to show everything, and for the provider to trust it. */
  async lagPasses(): Promise<void> {
    await this.clock.sleep(Math.max(this.conditions.searchLagMs, LAG_IS_ASSUMED_MS) + 60_000);
  }

  async #step(): Promise<void> {
    const { random, world, conditions } = this;
    if (random.next() < 0.03) await random.pick(this.players).withOtherKeys();
    const dice = random.next();
    if (dice < 0.55) await random.pick(this.players).deploy();
    else if (dice < 0.68) await random.pick(this.players).refresh();
    else if (dice < 0.75) await this.#colleague();
    else if (dice < 0.82) await this.#hastyColleague();
    else if (dice < 0.88) world.vanish();
    else if (dice < 0.91) world.appear();
    else if (dice < 0.94) world.comeBack();
    else if (dice < 0.97 && conditions.restarts) world.restart();
    else if (dice < 0.97 && conditions.leavers) world.leave();
    else await this.clock.sleep(random.integer(LAG_IS_ASSUMED_MS + 60_000));
    world.timeline.takeOver(undefined);
  }

  /** Someone works in Datadog's own pages; nothing is deployed before the search shows it. */
  async #colleague(): Promise<void> {
    await this.lagPasses();
    this.world.reassignSome();
    await this.lagPasses();
  }

  /** Someone does so shortly after a deployment, and shortly before the next. */
  async #hastyColleague(): Promise<void> {
    const { clock, random } = this;
    await clock.sleep(2_000 + random.integer(20_000));
    this.world.reassignSome();
    await clock.sleep(random.integer(LAG_IS_ASSUMED_MS));
  }
}
