import { z } from "zod";
import { SkewedClock } from "../emulator";
import { whileAlive } from "../support/whileAlive";
import { SavedError, startProvider } from "./dynamicProvider";
import { type CheckResult, callsFor, type Props, type ProviderProcess } from "./providerProcess";
import { shuffle } from "./shuffle";
import type {
  DeploymentResult,
  Program,
  ProgramOptions,
  StackOptions,
  StoredResource,
  UpOptions,
} from "./stackOptions";

interface Run {
  readonly provider: ProviderProcess;
  readonly generation: number;
  readonly errors: Map<string, Error>;
  readonly changed: Set<string>;
  readonly options: RunOptions;
  refreshed: boolean;
}

interface RunOptions extends ProgramOptions {
  readonly isPreview?: boolean;
}

/**
 * A stack and the order in which the engine calls a provider, without processes: check, diff, create and
 * update of all resources in any order and in parallel, deletes last, every result saved as it comes. Each
 * deployment is a fresh provider process, on a machine that knows nothing but the state. Resources with
 * `findingIds` are FindingsAssignments, the others FindingsOwnerships.
 */
export class Stack {
  readonly state = new Map<string, StoredResource>();
  /** By all deployments so far. */
  readonly printed: string[] = [];
  /** How far this machine's clock is ahead, ms. */
  skewMs = 0;
  /** Whose keys the next deployments have, where these are not those of the stack. */
  elsewhere: Pick<StackOptions, "connect" | "config"> | undefined;
  #process: ProviderProcess | undefined;
  /** Counts processes: results of an earlier one are not saved. */
  #generation = 0;
  #die: () => void = () => {};

  constructor(private readonly options: StackOptions) {}

  up(program: Program, options: UpOptions = {}): Promise<DeploymentResult> {
    const { only, first = [], refresh = false, continueOnError = false } = options;
    return this.#run(options, async (run) => {
      // The engine changes nothing where a refresh fails.
      if (refresh) await this.#refresh(run);
      if (run.errors.size > 0) return;
      run.refreshed = refresh;
      const names = only ?? this.#inOrder(program, options);
      const register = (some: readonly string[]) => this.#registerAll(run, program, some);
      await register(names.filter((name) => first.includes(name)));
      await register(names.filter((name) => !first.includes(name)));
      if ((run.errors.size > 0 && !continueOnError) || only) return;
      const removed = [...this.state.keys()].filter((name) => !(name in program));
      await this.#inParallel(removed, (name) => this.#delete(run, name));
    });
  }

  /** Checks and compares what the program declares: a preview of the dynamic provider calls no more of it. */
  preview(program: Program, options: ProgramOptions = {}): Promise<DeploymentResult> {
    return this.#run({ ...options, isPreview: true }, (run) =>
      this.#registerAll(run, program, this.#inOrder(program, options)),
    );
  }

  /** Checks the inputs of one resource, and does no more. */
  check(name: string, args: Props): Promise<CheckResult> {
    const provider = this.#start(++this.#generation, [], false);
    const declared = { ...provider.added(name), ...args };
    return callsFor(provider, name, args).check(this.state.get(name)?.inputs ?? {}, declared);
  }

  refresh(): Promise<DeploymentResult> {
    return this.#run({}, async (run) => {
      await this.#refresh(run);
      run.refreshed = run.errors.size === 0;
    });
  }

  /** @param only `--target` */
  destroy(
    only?: readonly string[],
    { refresh = false }: Pick<UpOptions, "refresh"> = {},
  ): Promise<DeploymentResult> {
    return this.#run({}, async (run) => {
      if (refresh) await this.#refresh(run);
      const names = only ?? [...this.state.keys()];
      await this.#inParallel(names, (name) => this.#delete(run, name));
    });
  }

  /**
   * What a SIGKILL of engine and provider does: nothing that is under way is saved, sent or heard any more.
   */
  kill(): void {
    this.#generation++;
    this.#die();
  }

  /** Ctrl-C. */
  cancel(): void {
    this.#process?.cancel();
  }

  async #run(options: RunOptions, deploy: (run: Run) => Promise<void>): Promise<DeploymentResult> {
    const generation = ++this.#generation;
    const death = new Promise<void>((resolve) => {
      this.#die = resolve;
    });
    const printed: string[] = [];
    const provider = this.#start(generation, printed, options.isPreview ?? false);
    this.#process = provider;
    const [errors, changed] = [new Map<string, Error>(), new Set<string>()];
    const run: Run = { provider, generation, options, errors, changed, refreshed: false };
    await Promise.race([deploy(run), death]);
    this.#process = undefined;
    return { errors, changed, refreshed: run.refreshed, printed, killed: generation !== this.#generation };
  }

  #start(generation: number, printed: string[], isPreview: boolean): ProviderProcess {
    const { clock, random, start = startProvider } = this.options;
    const { connect, config } = { ...this.options, ...this.elsewhere };
    const alive = () => generation === this.#generation;
    return start({
      clock: this.skewMs === 0 ? clock : new SkewedClock(clock, this.skewMs),
      random,
      config: { ...this.options.config, ...config },
      send: whileAlive(connect(), alive),
      print: (line) => {
        if (!alive()) return;
        printed.push(line);
        this.printed.push(line);
      },
      isPreview,
    });
  }

  #refresh(run: Run): Promise<void> {
    return this.#inParallel([...this.state.keys()], async (name) => {
      const old = this.state.get(name);
      if (!old) return;
      await this.#attempt(run, name, async () => {
        const calls = callsFor(run.provider, name, old.inputs);
        const { id, props, inputs } = await calls.read(old.id, old.outputs, old.inputs);
        if (id === "") return this.#forget(run, name);
        // What the next `up` would change, for the screen.
        await calls.diff(id, props, old.inputs, inputs ?? old.inputs);
        this.#save(run, name, { id, inputs: inputs ?? old.inputs, outputs: props, failed: false });
      });
    });
  }

  #inOrder(program: Program, { order = "any" }: ProgramOptions): string[] {
    const names = Object.keys(program);
    return order === "any" ? shuffle(names, this.options.random) : names;
  }

  #registerAll(run: Run, program: Program, names: readonly string[]): Promise<void> {
    const parallel = run.options.order === "dependent" ? 1 : this.options.parallel;
    return this.#inParallel(names, (name) => this.#register(run, name, program[name] ?? {}), parallel);
  }

  async #register(run: Run, name: string, args: Props): Promise<void> {
    await this.#attempt(run, name, async () => {
      const { registersAfter = this.options.registersAfter } = run.options;
      if (registersAfter) await this.options.clock.sleep(registersAfter());
      const old = this.state.get(name);
      const calls = callsFor(run.provider, name, args);
      const { kept } = run.provider;
      const declared = { ...run.provider.added(name), ...args };
      const { inputs, failures } = await calls.check(old?.inputs ?? {}, declared);
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      const news: Props = { ...inputs, ...kept };
      if (old && !old.failed && !(await calls.diff(old.id, old.outputs, news, old.inputs))) return;
      if (run.generation === this.#generation) run.changed.add(name);
      if (run.options.isPreview) return;
      const save = (id: string, outputs: Props, failed: boolean) =>
        this.#save(run, name, { id, inputs: news, outputs: { ...outputs, ...kept }, failed });
      try {
        const { id, outs } = old
          ? { id: old.id, ...(await calls.update(old.id, old.outputs, news)) }
          : await calls.create(news);
        save(id, outs, false);
        failProgram(outs);
      } catch (error) {
        if (error instanceof SavedError) save(error.id, error.properties, true);
        throw error;
      }
    });
  }

  async #delete(run: Run, name: string): Promise<void> {
    const old = this.state.get(name);
    if (!old) return;
    if (run.generation === this.#generation) run.changed.add(name);
    await this.#attempt(run, name, async () => {
      await callsFor(run.provider, name, old.inputs).delete(old.id, old.outputs);
      this.#forget(run, name);
    });
  }

  async #attempt(run: Run, name: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      run.errors.set(name, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What cannot be stored as plain JSON must show here, as it would in the engine. */
  #save(run: Run, name: string, resource: StoredResource): void {
    if (run.generation === this.#generation) this.state.set(name, JSON.parse(JSON.stringify(resource)));
  }

  #forget(run: Run, name: string): void {
    if (run.generation === this.#generation) this.state.delete(name);
  }

  async #inParallel(
    names: readonly string[],
    work: (name: string) => Promise<void>,
    parallel = this.options.parallel,
  ): Promise<void> {
    const queue = [...names];
    const worker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) await work(name);
    };
    const workers = Math.min(parallel, names.length);
    await Promise.all(Array.from({ length: workers }, worker));
  }
}

const savedFailure = z.object({ failure: z.object({ reasons: z.array(z.string()) }).optional() });

/** What the resource class does in the program with what was too large for an error of the provider. */
function failProgram(outs: Props): void {
  const { failure } = savedFailure.parse(outs);
  if (failure) throw new Error(failure.reasons.join("\n"));
}
