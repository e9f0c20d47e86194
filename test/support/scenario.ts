import { createDatadogClient } from "../../provider/datadog/client";
import { readSettings } from "../../provider/datadog/http/settings";
import type { FindingsApi } from "../../provider/datadog/model/findingsApi";
import {
  type EmulatedFinding,
  Emulator,
  type EmulatorOptions,
  inProcessSend,
  SeededRandom,
  SimulatedClock,
  SkewedClock,
  seedFindings,
} from "../emulator";
import { type HarnessOptions, ProviderHarness } from "./providerHarness";
import { whileAlive } from "./whileAlive";

export interface Scenario {
  readonly clock: SimulatedClock;
  readonly emulator: Emulator;
  readonly provider: ProviderHarness;
  /** UUIDs of active users. */
  readonly users: readonly string[];
  /** Ids of the emulator's findings at the start. */
  readonly ids: readonly string[];
}

export interface ScenarioOptions extends Omit<EmulatorOptions, "findings" | "clock"> {
  /** Default 250. */
  readonly findings?: number;
  readonly seed?: number;
  readonly parallel?: number;
  /** What the provider's own clock shows more than Datadog's, ms; default 0. */
  readonly skewMs?: number;
  /** Where the keys belong to, as the state notes it. */
  readonly account?: HarnessOptions["account"];
  /** Stack configuration, such as `datadog:httpClientRetryMaxRetries`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A provider and a Datadog without sockets, in virtual time: the same history every time. */
export function scenario({
  findings: count = 250,
  seed = 1,
  parallel,
  config = {},
  account,
  skewMs = 0,
  ...options
}: ScenarioOptions = {}): Scenario {
  const clock = new SimulatedClock();
  const ownClock = new SkewedClock(clock, skewMs);
  const random = new SeededRandom(seed);
  const findings: EmulatedFinding[] = seedFindings({ count, seed });
  const emulator = new Emulator({ ...options, clock, findings });
  const next = () => random.next();
  const settings = readSettings(
    { get: (key) => config[key] },
    { DD_API_KEY: "unused", DD_APP_KEY: "unused" },
  );
  const connect: HarnessOptions["connect"] = (alive, progress): FindingsApi =>
    createDatadogClient({
      settings,
      clock: ownClock,
      random: next,
      send: whileAlive(inProcessSend(emulator), alive),
      onWait: ({ ms }) => progress().waiting(ms),
      onRetry: ({ reason, ms }) => progress().retrying(reason, ms),
    });
  const harness: HarnessOptions = {
    clock: ownClock,
    connect,
    random: next,
    retry: settings.retry,
    ...(account && { account }),
    ...(parallel !== undefined && { parallel }),
  };
  return {
    clock,
    emulator,
    provider: new ProviderHarness(harness),
    users: emulator.users.filter((user) => !user.disabled).map((user) => user.id),
    ids: findings.map((finding) => finding.id),
  };
}
