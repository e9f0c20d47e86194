import { z } from "zod";
import type { Send } from "../../provider/datadog/model/transport";
import { type SimulatedClock, SkewedClock } from "../emulator";
import { whileAlive } from "../support/whileAlive";
import {
  type Props,
  type ProviderProcess,
  type ResourceCalls,
  SavedError,
  type StartProvider,
  startProvider,
} from "./providerUnderTest";

export interface StoredResource {
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
  /** Whether the last create or update of it failed, and its state was saved all the same. */
  readonly failed: boolean;
}

export interface StackOptions {
  readonly clock: SimulatedClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whom the keys of the stack talk to; asked anew for each deployment. */
  readonly connect: () => Send;
  /** How many calls of the provider are under way at once, as with the engine's `--parallel`. */
  readonly parallel: number;
  /**
   * How long the program takes before it registers each resource, ms, as where ids come from a function;
   * default: no time.
   */
  readonly registersAfter?: () => number;
  /** Stack configuration. */
  readonly config?: Readonly<Record<string, string>>;
  /** Default: the dynamic provider. */
  readonly start?: StartProvider | undefined;
}

export interface UpOptions {
  /** `--target`: only these are registered, and nothing is deleted. */
  readonly only?: readonly string[];
  /** Resources on which the others depend. */
  readonly first?: readonly string[];
  /** `--refresh`. */
  readonly refresh?: boolean;
  /** `--continue-on-error`: what left the program is deleted although something failed. */
  readonly continueOnError?: boolean;
}

export interface DeploymentResult {
  /** By resource name; empty where everything went well. */
  readonly errors: ReadonlyMap<string, Error>;
  readonly printed: readonly string[];
  /** Resources that were created, updated or deleted. */
  readonly changed: ReadonlySet<string>;
  /** Broken off by `kill()`. */
  readonly killed: boolean;
  /** Whether it has looked at everything, without an error. */
  readonly refreshed: boolean;
}

interface Run {
  readonly provider: ProviderProcess;
  readonly generation: number;
  readonly errors: Map<string, Error>;
  readonly changed: Set<string>;
  refreshed: boolean;
}

/**
 * A stack and the order in which the engine calls a provider, without processes: check, diff, create and
 * update of all resources in any order and in parallel, deletes last, every result saved as it comes. Each
 * deployment is a fresh provider process, on a machine that knows nothing but the state. Resources with
 * `findingIds` are FindingsAssignments, the others FindingsOwnerships.
 */
export class Stack {
  readonly state = new Map<string, StoredResource>();
  /** How far this machine's clock is ahead, ms. */
  skewMs = 0;
  /** Whose keys the next deployments have, where these are not those of the stack. */
  elsewhere: Pick<StackOptions, "connect" | "config"> | undefined;
  #process: ProviderProcess | undefined;
  /** Counts processes: results of an earlier one are not saved. */
  #generation = 0;
  #die: () => void = () => {};

  constructor(private readonly options: StackOptions) {}

  /** @param program inputs by resource name */
  up(program: Readonly<Record<string, Props>>, options: UpOptions = {}): Promise<DeploymentResult> {
    const { only, first = [], refresh = false, continueOnError = false } = options;
    return this.#run(async (run) => {
      // The engine changes nothing where a refresh fails.
      if (refresh) await this.#refresh(run);
      if (run.errors.size > 0) return;
      run.refreshed = refresh;
      const names = only ?? shuffle(Object.keys(program), this.options.random);
      const register = (some: readonly string[]) =>
        this.#inParallel(some, (name) => this.#register(run, name, program[name] ?? {}));
      await register(names.filter((name) => first.includes(name)));
      await register(names.filter((name) => !first.includes(name)));
      if ((run.errors.size > 0 && !continueOnError) || only) return;
      const removed = [...this.state.keys()].filter((name) => !(name in program));
      await this.#inParallel(removed, (name) => this.#delete(run, name));
    });
  }

  refresh(): Promise<DeploymentResult> {
    return this.#run(async (run) => {
      await this.#refresh(run);
      run.refreshed = run.errors.size === 0;
    });
  }

  /** @param only `--target` */
  destroy(
    only?: readonly string[],
    { refresh = false }: Pick<UpOptions, "refresh"> = {},
  ): Promise<DeploymentResult> {
    return this.#run(async (run) => {
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

  async #run(deploy: (run: Run) => Promise<void>): Promise<DeploymentResult> {
    const generation = ++this.#generation;
    const death = new Promise<void>((resolve) => {
      this.#die = resolve;
    });
    const printed: string[] = [];
    const provider = this.#start(generation, printed);
    this.#process = provider;
    const run: Run = { provider, generation, errors: new Map(), changed: new Set(), refreshed: false };
    await Promise.race([deploy(run), death]);
    this.#process = undefined;
    const { errors, changed, refreshed } = run;
    return { errors, changed, refreshed, printed, killed: generation !== this.#generation };
  }

  #start(generation: number, printed: string[]): ProviderProcess {
    const { clock, random, start = startProvider } = this.options;
    const { connect, config } = { ...this.options, ...this.elsewhere };
    const alive = () => generation === this.#generation;
    return start({
      clock: this.skewMs === 0 ? clock : new SkewedClock(clock, this.skewMs),
      random,
      config: { ...this.options.config, ...config },
      send: whileAlive(connect(), alive),
      print: (line) => {
        if (alive()) printed.push(line);
      },
    });
  }

  #refresh(run: Run): Promise<void> {
    return this.#inParallel([...this.state.keys()], async (name) => {
      const old = this.state.get(name);
      if (!old) return;
      await this.#attempt(run, name, async () => {
        const calls = callsFor(run, name, old.inputs);
        const { id, props, inputs } = await calls.read(old.id, old.outputs, old.inputs);
        if (id === "") return this.#forget(run, name);
        // What the next `up` would change, for the screen.
        await calls.diff(id, props, old.inputs, inputs ?? old.inputs);
        this.#save(run, name, { id, inputs: inputs ?? old.inputs, outputs: props, failed: false });
      });
    });
  }

  async #register(run: Run, name: string, args: Props): Promise<void> {
    await this.#attempt(run, name, async () => {
      const { clock, registersAfter } = this.options;
      if (registersAfter) await clock.sleep(registersAfter());
      const old = this.state.get(name);
      const calls = callsFor(run, name, args);
      const { kept } = run.provider;
      const declared = { ...args, ...run.provider.added(name) };
      const { inputs, failures } = await calls.check(old?.inputs ?? {}, declared);
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      const news: Props = { ...inputs, ...kept };
      if (old && !old.failed && !(await calls.diff(old.id, old.outputs, news, old.inputs))) return;
      if (run.generation === this.#generation) run.changed.add(name);
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
      await callsFor(run, name, old.inputs).delete(old.id, old.outputs);
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

  async #inParallel(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
    const queue = [...names];
    const worker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) await work(name);
    };
    const workers = Math.min(this.options.parallel, names.length);
    await Promise.all(Array.from({ length: workers }, worker));
  }
}

function callsFor({ provider }: Run, name: string, inputs: Props): ResourceCalls {
  return "findingIds" in inputs ? provider.assignment(name) : provider.ownership(name);
}

const savedFailure = z.object({ failure: z.object({ reasons: z.array(z.string()) }).optional() });

/** What the resource class does in the program with what was too large for an error of the provider. */
function failProgram(outs: Props): void {
  const { failure } = savedFailure.parse(outs);
  if (failure) throw new Error(failure.reasons.join("\n"));
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [shuffled[last], shuffled[other]];
    if (one !== undefined && two !== undefined) [shuffled[last], shuffled[other]] = [two, one];
  }
  return shuffled;
}
