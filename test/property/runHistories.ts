import { FailedHistory, type HistoryReport } from "./history";
import { lists, type Play } from "./plays";

export interface HistoriesReport {
  readonly histories: number;
  readonly deployments: number;
  readonly kills: number;
  readonly faults: number;
  readonly requests: number;
}

/**
 * Plays histories one after another. @throws Error that tells the shortest story that fails, and how to play
 * it again
 */
export async function runHistories(
  firstSeed: number,
  count: number,
  play: Play = lists,
): Promise<HistoriesReport> {
  const reports: HistoryReport[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) reports.push(await replayable(seed, play));
  const sum = (part: (report: HistoryReport) => number) =>
    reports.reduce((total, report) => total + part(report), 0);
  return {
    histories: reports.length,
    deployments: sum((report) => report.deployments),
    kills: sum((report) => report.kills),
    faults: sum((report) => report.faults),
    requests: sum((report) => report.requests),
  };
}

async function replayable(seed: number, play: Play): Promise<HistoryReport> {
  try {
    return await play.play(seed);
  } catch (error) {
    if (!(error instanceof FailedHistory)) throw error;
    throw new Error(await explain(error, play), { cause: error });
  }
}

/** The story of a failed history, cut to the fewest steps after which it fails. */
export async function explain(failed: FailedHistory, play: Play = lists): Promise<string> {
  const shortest = await shorten(failed, play);
  const { seed, steps, message, story } = shortest;
  const replay = `npm run soak -- --seed ${seed} --histories 1${play.flags}`;
  return `history of seed ${seed}; play it again with: ${replay}\n${message}\nafter ${steps} steps:\n${story.join("\n")}`;
}

/** The same life, ended earlier: what comes after the last step repairs and tidies up, and so finds most. */
async function shorten(failed: FailedHistory, play: Play): Promise<FailedHistory> {
  for (let steps = 0; steps < failed.steps; steps++) {
    try {
      await play.play(failed.seed, steps);
    } catch (error) {
      if (error instanceof FailedHistory) return error;
      throw error;
    }
  }
  return failed;
}
