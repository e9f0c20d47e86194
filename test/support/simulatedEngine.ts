import type { Clock } from "../../provider/core/clock";

export interface SimulatedEngineOptions {
  readonly clock: Clock;
  /** How many resources are under way at once, as with the engine's `--parallel`. */
  readonly parallel: number;
  /**
   * What passes before each resource reaches the provider, ms: the engine checks and diffs one after another.
   */
  readonly stepMs: () => number;
}

/**
 * Hands resources to the provider as the engine does: one after another from its step generator, to workers
 * that each wait for the provider's answer before they take the next.
 */
export async function runEngine<Resource>(
  resources: readonly Resource[],
  deploy: (resource: Resource) => Promise<unknown>,
  { clock, parallel, stepMs }: SimulatedEngineOptions,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (const resource of resources) {
    await clock.sleep(stepMs());
    const work = deploy(resource).then(() => {
      underWay.delete(work);
    });
    underWay.add(work);
    if (underWay.size >= parallel) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}
