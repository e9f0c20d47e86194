import { type HistoryReport, playHistory } from "./history";

export interface HistoriesReport {
  readonly histories: number;
  readonly deployments: number;
  readonly kills: number;
  readonly faults: number;
  readonly requests: number;
  /** The most that a last repair took beyond the fewest requests possible, as a factor. */
  readonly worstRepair: number;
}

/** Plays histories one after another. @throws Error that names the seed and how to play it again */
export async function runHistories(firstSeed: number, count: number): Promise<HistoriesReport> {
  const reports: HistoryReport[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) reports.push(await replayable(seed));
  const sum = (part: (report: HistoryReport) => number) =>
    reports.reduce((total, report) => total + part(report), 0);
  return {
    histories: reports.length,
    deployments: sum((report) => report.deployments),
    kills: sum((report) => report.kills),
    faults: sum((report) => report.faults),
    requests: sum((report) => report.requests),
    worstRepair: Math.max(...reports.map(({ repair, least }) => (least === 0 ? 1 : repair / least))),
  };
}

async function replayable(seed: number): Promise<HistoryReport> {
  try {
    return await playHistory(seed);
  } catch (error) {
    const replay = `SEED=${seed} npx mocha test/property/histories.test.ts`;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`history of seed ${seed}; play it again with: ${replay}\n${why}`, { cause: error });
  }
}
