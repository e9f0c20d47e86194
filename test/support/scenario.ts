import type { Session } from "../../provider/session/session";
import {
  Emulator,
  type EmulatorOptions,
  inProcessSend,
  SeededRandom,
  SimulatedClock,
  SkewedClock,
  seedFindings,
} from "../emulator";
import { openSimulatedSession, startProvider } from "../stack/dynamicProvider";
import type { ProcessOptions } from "../stack/providerProcess";
import { Stack } from "../stack/stack";

/** A stack and a Datadog without sockets, in virtual time: the same history every time. */
export interface Scenario {
  readonly clock: SimulatedClock;
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** A provider process beside the stack, for a test of what its resources share. */
  openSession(): Session;
  /** UUIDs of active users. */
  readonly users: readonly string[];
  /** Ids of the emulator's findings at the start. */
  readonly ids: readonly string[];
}

export interface ScenarioOptions extends Omit<EmulatorOptions, "findings" | "clock"> {
  /** Default 250. */
  readonly findings?: number;
  readonly seed?: number;
  /** How many calls of the provider are under way at once; default 16. */
  readonly parallel?: number;
  /** What the provider's own clock shows more than Datadog's, ms; default 0. */
  readonly skewMs?: number;
  /** Where the keys belong to, as the state notes it. */
  readonly account?: ProcessOptions["account"];
  /** Stack configuration, such as `datadog:httpClientRetryMaxRetries`. */
  readonly config?: Readonly<Record<string, string>>;
}

export function scenario({
  findings: count = 250,
  seed = 1,
  parallel = 16,
  config = {},
  account,
  skewMs = 0,
  ...options
}: ScenarioOptions = {}): Scenario {
  const clock = new SimulatedClock();
  const random = new SeededRandom(seed);
  const findings = seedFindings({ count, seed });
  const emulator = new Emulator({ ...options, clock, findings });
  const next = () => random.next();
  const stack = new Stack({
    clock,
    random: next,
    connect: () => inProcessSend(emulator),
    parallel,
    config,
    start: (process) => startProvider({ ...process, account }),
  });
  stack.skewMs = skewMs;
  return {
    clock,
    emulator,
    stack,
    openSession: () =>
      openSimulatedSession({
        clock: new SkewedClock(clock, skewMs),
        random: next,
        send: inProcessSend(emulator),
        print: (line) => stack.printed.push(line),
        config,
        account,
      }),
    users: emulator.users.filter((user) => !user.disabled).map((user) => user.id),
    ids: findings.map((finding) => finding.id),
  };
}
