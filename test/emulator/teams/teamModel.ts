export interface EmulatedTeam {
  /** UUID. */
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** UUIDs of users; disabled ones stay members. */
  readonly memberIds: readonly string[];
  /** Who answers first. Default: nobody. */
  readonly onCall?: OnCall;
  /** Who answers after them, step by step. Default: no steps. */
  readonly escalations?: readonly OnCall[];
}

export interface EmulatedSchedule {
  /** UUID. */
  readonly id: string;
  /** UUIDs of the teams that it belongs to. Default: none. */
  readonly teamIds?: readonly string[];
  readonly onCall: OnCall;
}

/** UUIDs of users who are always on call, or a rotation; an empty list: nobody. */
export type OnCall = readonly string[] | Rotation;

/** Shifts of the same length, one after another and again from the first. */
export interface Rotation {
  /** UUIDs of the users of each shift; an empty list: nobody. */
  readonly shifts: readonly (readonly string[])[];
  readonly shiftMs: number;
  /** When the first shift begins, ms since the epoch. Before it nobody is on call. */
  readonly startsAt: number;
}

export interface Shift {
  readonly userIds: readonly string[];
  /** ms since the epoch. */
  readonly start: number;
  readonly end: number;
}

const DAY_MS = 86_400_000;

/** Who is on call at `time`, and from when to when. Those who always are have shifts of a day, in UTC. */
export function shiftAt(onCall: OnCall, time: number): Shift {
  if (!isRotation(onCall)) {
    const start = Math.floor(time / DAY_MS) * DAY_MS;
    return { userIds: onCall, start, end: start + DAY_MS };
  }
  const { shifts, shiftMs, startsAt } = onCall;
  const number = Math.floor((time - startsAt) / shiftMs);
  const start = startsAt + number * shiftMs;
  const userIds = number < 0 ? [] : (shifts[number % shifts.length] ?? []);
  return { userIds, start, end: start + shiftMs };
}

function isRotation(onCall: OnCall): onCall is Rotation {
  return "shifts" in onCall;
}
