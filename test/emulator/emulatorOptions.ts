import type { Clock } from "./clock";
import type { LimitedFamily } from "./exchange";
import type { RandomFaults } from "./faults";
import type { EmulatedFinding, EmulatedUser } from "./findingModel";
import type { EmulatedKey } from "./keyring";
import type { RateLimitOptions } from "./rateLimiter";
import type { LoggedRequest } from "./requestLog";
import type { Settings } from "./settings";
import type { EmulatedSchedule, EmulatedTeam } from "./teams/teamModel";
import type { WorldSeed } from "./world";

/** Before the request takes effect, and after it did, before the answer goes out. */
export interface RequestEvent {
  readonly phase: "before" | "after";
  readonly request: LoggedRequest;
}

export interface EmulatorOptions extends Partial<Settings> {
  /** Default: the real time. */
  readonly clock?: Clock;
  /** UUID of the organisation, as every user names it. Default: EMULATOR_ORGANISATION_ID. */
  readonly organisationId?: string;
  /** Default: none. `seedFindings` makes some. */
  readonly findings?: readonly EmulatedFinding[];
  /** Default: the twelve of `seedUsers()`. */
  readonly users?: readonly EmulatedUser[];
  /** Default: none. */
  readonly teams?: readonly EmulatedTeam[];
  /** Default: none. */
  readonly schedules?: readonly EmulatedSchedule[];
  /** Default: one pair (EMULATOR_API_KEY, EMULATOR_APP_KEY) with all permissions. */
  readonly keys?: readonly EmulatedKey[];
  /** Default: no limits, and no headers of them. */
  readonly rateLimits?: Partial<Record<LimitedFamily, RateLimitOptions>>;
  readonly randomFaults?: RandomFaults;
  readonly onRequest?: (event: RequestEvent) => Promise<void> | void;
}

export const EMULATOR_ORGANISATION_ID = "4dee724d-00cc-11ea-a77b-570c9d03c6c5";

/** What a restart starts with, where it is not what the emulator started with. */
export type FreshData = Partial<Omit<WorldSeed, "organisationId">>;
