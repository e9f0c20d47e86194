import { FailedHistory, playHistory } from "../property/history";
import { playRulesHistory } from "../property/rules/rulesHistory";

/** What the histories have found; one line of JSON on stdout. */
export interface Hunt {
  /** How many were played. */
  readonly histories: number;
  /** Of the history that failed; absent: none did. */
  readonly seed?: number;
  readonly message?: string;
}

/** A mutant is to do something wrong, and not to fall over its own code. */
const CRASH = /Cannot read properties|is not a function|is not iterable|is not defined/;

/** Plays so many histories of lists until one fails, and one of rules after each three. */
async function hunt(most: number): Promise<Hunt> {
  for (let seed = 1; seed <= most; seed++) {
    try {
      await playHistory(seed);
      if (seed % 3 === 0) await playRulesHistory(seed);
    } catch (error) {
      if (!(error instanceof FailedHistory)) throw error;
      if (CRASH.test(error.message)) throw error;
      return { histories: seed, seed, message: error.message.split("\n")[0] ?? "" };
    }
  }
  return { histories: most };
}

void hunt(Number(process.argv[2])).then((result) => console.log(JSON.stringify(result)));
