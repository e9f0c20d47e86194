import type { Send } from "../../provider/datadog/model/transport";
import type { DatadogAccount } from "../../provider/session/datadogAccount";
import type { Clock } from "../emulator";

export type Props = Record<string, unknown>;

export interface CheckResult {
  readonly inputs: Props;
  readonly failures: ReadonlyArray<{ readonly property?: string; readonly reason: string }>;
}

/** The calls of one kind of resource, within one provider process. */
export interface ResourceCalls {
  check(olds: Props, news: Props): Promise<CheckResult>;
  diff(id: string, olds: Props, news: Props, oldInputs: Props): Promise<boolean>;
  create(news: Props): Promise<{ readonly id: string; readonly outs: Props }>;
  update(id: string, olds: Props, news: Props): Promise<{ readonly outs: Props }>;
  /** @param inputs of the state */
  read(
    id: string,
    props: Props,
    inputs: Props,
  ): Promise<{ readonly id: string; readonly props: Props; readonly inputs?: Props }>;
  delete(id: string, props: Props): Promise<void>;
}

/**
 * A provider process: what all resources of one deployment share. An engine, and a random history, sees no
 * more of a provider than its calls, which take inputs and a state and give back a state.
 */
export interface ProviderProcess {
  /** @param name of the resource */
  assignment(name: string): ResourceCalls;
  ownership(name: string): ResourceCalls;
  /** What the resource's class adds to the inputs that the program declares, where these do not say it. */
  added(name: string): Props;
  /** What the state holds of that, in inputs and outputs. */
  readonly kept: Props;
  /** What the engine's Cancel (Ctrl-C) does. */
  cancel(): void;
}

export interface ProcessOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly send: Send;
  readonly print: (line: string) => void;
  /** Stack configuration. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether it serves a preview. */
  readonly isPreview: boolean;
  /** Where the keys belong to; default: host and key of the configuration. */
  readonly account?: DatadogAccount | undefined;
  /** Takes the lines of `datadog:changesFile`; default: there is none. */
  readonly writeChange?: ((line: string) => void) | undefined;
}

export type StartProvider = (options: ProcessOptions) => ProviderProcess;

/** @param inputs of the resource, which tell its kind */
export function callsFor(provider: ProviderProcess, name: string, inputs: Props): ResourceCalls {
  return "findingIds" in inputs ? provider.assignment(name) : provider.ownership(name);
}
