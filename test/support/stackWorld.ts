import { Emulator, inProcessSend, SeededRandom, SimulatedClock, seedFindings } from "../emulator";
import { Stack } from "../property/stack";

/** A stack, and a Datadog of its own, in virtual time. */
export interface StackWorld {
  readonly clock: SimulatedClock;
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** UUIDs of active users. */
  readonly users: readonly string[];
  readonly ids: readonly string[];
}

/** @param parallel how many calls of the provider are under way at once */
export function stackWorld(count: number, parallel = 1): StackWorld {
  const clock = new SimulatedClock();
  const findings = seedFindings({ count });
  const emulator = new Emulator({ clock, findings, latencyMs: 20 });
  const random = new SeededRandom(1);
  const connect = () => inProcessSend(emulator);
  const stack = new Stack({ clock, random: () => random.next(), connect, parallel });
  const users = emulator.users.filter(({ disabled }) => !disabled).map(({ id }) => id);
  return { clock, emulator, stack, users, ids: findings.map(({ id }) => id) };
}
