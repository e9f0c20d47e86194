import { FailedHistory, playHistory } from "../property/history";

/** What the histories have found; one line of JSON on stdout. */
export interface Hunt {
  /** How many were played. */
  readonly histories: number;
  /** Of the history that failed; absent: none did. */
  readonly seed?: number;
  readonly message?: string;
}

/** Plays so many histories until one fails. */
async function hunt(most: number): Promise<Hunt> {
  for (let seed = 1; seed <= most; seed++) {
    try {
      await playHistory(seed);
    } catch (error) {
      if (!(error instanceof FailedHistory)) throw error;
      return { histories: seed, seed, message: error.message.split("\n")[0] ?? "" };
    }
  }
  return { histories: most };
}

void hunt(Number(process.argv[2])).then((result) => console.log(JSON.stringify(result)));
