import { isDeepStrictEqual } from "node:util";
import type { DatadogAccount } from "../../provider/session/datadogAccount";
import {
  type EmulatedFinding,
  Emulator,
  type EmulatorOptions,
  inProcessSend,
  SeededRandom,
  SimulatedClock,
} from "../emulator";
import { startProvider } from "../stack/dynamicProvider";
import type { CheckResult, Props } from "../stack/providerProcess";
import { Stack } from "../stack/stack";
import type { DeploymentResult, Program, StoredResource } from "../stack/stackOptions";

/** What the programs of most tests declare. */
const SECURITY = "security";

export interface DeployOptions {
  /** Each resource waits for the one before it, as with `dependsOn`; default: all are under way at once. */
  readonly inOrder?: boolean;
  /** So much later than the one before it each resource comes; default 0. */
  readonly staggerMs?: number;
  /** `--refresh`. */
  readonly refresh?: boolean;
}

/**
 * A stack and a Datadog of its own, whose time passes with each call. What a deployment fails with is thrown.
 */
export class OwnershipStack {
  readonly clock = new SimulatedClock();
  readonly emulator: Emulator;
  /** Lines of `datadog:changesFile`, where `writesChanges`. */
  readonly changes: string[] = [];
  writesChanges = false;
  /** How far the provider's own clock is ahead of Datadog's, ms. */
  skewMs = 0;
  /** Where the provider's keys belong to. */
  account: DatadogAccount = { host: "api.datadoghq.com", keyDigest: "aaaaaaaaaaaa" };
  readonly #stack: Stack;

  constructor(findings: readonly EmulatedFinding[], options: Partial<EmulatorOptions> = {}) {
    const random = new SeededRandom(7);
    this.emulator = new Emulator({ ...options, clock: this.clock, findings });
    this.#stack = new Stack({
      clock: this.clock,
      random: () => random.next(),
      connect: () => inProcessSend(this.emulator),
      parallel: Number.POSITIVE_INFINITY,
      start: (process) =>
        startProvider({
          ...process,
          account: this.account,
          ...(this.writesChanges && { writeChange: (line) => this.changes.push(line) }),
        }),
    });
  }

  get state(): Map<string, StoredResource> {
    return this.#stack.state;
  }

  get printed(): string[] {
    return this.#stack.printed;
  }

  get outputs(): Props | undefined {
    return this.state.get(SECURITY)?.outputs;
  }

  /** Deploys one FindingsOwnership. */
  async up(args: Props, options?: DeployOptions): Promise<{ changed: boolean }> {
    return { changed: (await this.deploy({ [SECURITY]: args }, options)).has(SECURITY) };
  }

  preview(args: Props): Promise<void> {
    return this.previewAll({ [SECURITY]: args });
  }

  /** Checks and compares all resources, one after another, as a preview does. */
  async previewAll(program: Program): Promise<void> {
    await this.#run((stack) => stack.preview(program, { order: "dependent" }));
  }

  /** Checks the inputs of one FindingsOwnership. */
  check(name: string, args: Props): Promise<CheckResult> {
    return this.clock.run(this.#stack.check(name, args));
  }

  /** @returns the resources that were created, updated or deleted */
  deploy(
    program: Program,
    { inOrder = false, staggerMs = 0, refresh = false }: DeployOptions = {},
  ): Promise<ReadonlySet<string>> {
    let registered = 0;
    // no wait at all lets them meet in the same moment; a timer would let the first come to its end
    const registersAfter = !inOrder && staggerMs > 0 ? () => staggerMs * registered++ : undefined;
    return this.#run((stack) =>
      stack.up(program, { order: inOrder ? "dependent" : "declared", registersAfter, refresh }),
    );
  }

  /** Deletes everything, without checking anything first. */
  async destroy(): Promise<void> {
    await this.#run((stack) => stack.destroy());
  }

  /** @returns the resources whose state it changed */
  async refresh(): Promise<ReadonlySet<string>> {
    const before = new Map(this.state);
    await this.#run((stack) => stack.refresh());
    const differs = (name: string) =>
      !isDeepStrictEqual(this.state.get(name)?.outputs, before.get(name)?.outputs);
    return new Set([...before.keys()].filter(differs));
  }

  /** Time passes. */
  wait(ms: number): Promise<void> {
    return this.clock.run(this.clock.sleep(ms));
  }

  email(index: number): string {
    return this.emulator.users.filter((user) => !user.disabled)[index]?.email ?? "";
  }

  idOf(email: string): string {
    return this.emulator.users.find((user) => user.email === email)?.id ?? "";
  }

  /** @throws Error with which the first resource fails */
  async #run(deploy: (stack: Stack) => Promise<DeploymentResult>): Promise<ReadonlySet<string>> {
    this.#stack.skewMs = this.skewMs;
    const { errors, changed } = await this.clock.run(deploy(this.#stack));
    for (const error of errors.values()) throw error;
    return changed;
  }
}
