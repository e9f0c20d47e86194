import { type HistoryReport, playHistory } from "./history";
import { startPlugin } from "./pluginUnderTest";
import { playRulesHistory } from "./rules/rulesHistory";

/** One kind of random history. */
export interface Play {
  readonly what: string;
  /** With which `npm run soak` plays it. */
  readonly flags: string;
  /** @param mostSteps ends it after so many steps */
  play(seed: number, mostSteps?: number): Promise<HistoryReport>;
}

export const lists: Play = { what: "lists", flags: "", play: playHistory };

export const rules: Play = { what: "rules", flags: " --rules", play: playRulesHistory };

export const listsOfPlugin: Play = {
  what: "lists on the plugin",
  flags: " --plugin",
  play: (seed, mostSteps) => playHistory(seed, mostSteps, startPlugin),
};

export const rulesOfPlugin: Play = {
  what: "rules on the plugin",
  flags: " --rules --plugin",
  play: (seed, mostSteps) => playRulesHistory(seed, mostSteps, startPlugin),
};
