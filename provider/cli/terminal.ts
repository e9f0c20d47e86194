import type { Day } from "../core/day";

/** What a command may use of the outside. */
export interface Terminal {
  /** Today in UTC. */
  readonly today: Day;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}
