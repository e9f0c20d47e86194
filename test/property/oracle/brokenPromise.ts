import { describeEvent, type OwnerTimeline } from "./ownerTimeline";

/** Something that the provider must never do, or did not do. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";

  /** @param findingId the finding whose past explains it, if it is about one */
  constructor(
    message: string,
    readonly findingId?: string,
  ) {
    super(message);
  }

  /** What happened to the finding, a line each. */
  past(timeline: OwnerTimeline): string[] {
    return this.findingId === undefined ? [] : timeline.of(this.findingId).map(describeEvent);
  }
}
