import type { SimulatedClock } from "../emulator";
import { clockTime } from "./oracle/ownerTimeline";

export type StoryTeller = (line: string) => void;

/** What happens in a history, a line each, for whoever has to find out why it failed. */
export class Story {
  readonly lines: string[] = [];

  constructor(private readonly clock: Pick<SimulatedClock, "now">) {}

  readonly tell: StoryTeller = (line) => {
    this.lines.push(`${clockTime(this.clock.now())} ${line}`);
  };
}
