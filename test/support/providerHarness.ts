import { z } from "zod";
import { checkAssignment } from "../../provider/assignment/checkAssignment";
import { createAssignment } from "../../provider/assignment/createAssignment";
import { deleteAssignment } from "../../provider/assignment/deleteAssignment";
import { diffAssignment } from "../../provider/assignment/diffAssignment";
import { readAssignment } from "../../provider/assignment/readAssignment";
import { updateAssignment } from "../../provider/assignment/updateAssignment";
import type { FindingsApi } from "../../provider/datadog/model/findingsApi";
import type { RetrySettings } from "../../provider/datadog/model/retrySettings";
import { AssignmentError } from "../../provider/engine/assignmentError";
import type { Progress } from "../../provider/messages/progress";
import type { DatadogAccount } from "../../provider/session/datadogAccount";
import { createSession, type Session } from "../../provider/session/session";
import type { Clock } from "../emulator";

export type Props = Record<string, unknown>;

export interface StoredResource {
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
  readonly failed: boolean;
}

export interface HarnessOptions {
  readonly clock: Clock;
  /**
   * Made anew for each deployment, as in a new provider process.
   * @param alive false once the process has been killed: it then sends nothing and hears nothing
   * @param progress to be told when the rate limit holds requests back, or one is sent again
   */
  readonly connect: (alive: () => boolean, progress: () => Progress) => FindingsApi;
  /** For findings that fail inside an accepted batch. */
  readonly retry: RetrySettings;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Where the keys belong to; default: as the session's. */
  readonly account?: DatadogAccount;
  /** How many calls of the provider are under way at once, as the engine's `--parallel`; default 16. */
  readonly parallel?: number;
}

export interface DeploymentResult {
  /** By resource name; empty where everything went well. */
  readonly errors: ReadonlyMap<string, Error>;
  readonly steps: Record<"create" | "update" | "delete" | "same", number>;
  /** Broken off by `kill()`: the engine ran no further either. */
  readonly killed: boolean;
}

/**
 * The order in which the engine calls a provider, without processes: check, diff, create and update of all
 * resources in any order and in parallel, deletes last, every result saved as it comes. Each deployment is a
 * new session, as each is a new provider process.
 */
export class ProviderHarness {
  readonly printed: string[] = [];
  readonly state = new Map<string, StoredResource>();
  session: Session;
  /** Counts processes: results of an earlier one are not saved. */
  #generation = 0;
  #die: () => void = () => {};

  constructor(private readonly options: HarnessOptions) {
    this.session = this.#newSession();
  }

  /**
   * @param program inputs by resource name
   * @param only resources that the engine comes to: it was told to, or ended after them, and then deletes
   * nothing
   */
  async up(program: Readonly<Record<string, Props>>, only?: readonly string[]): Promise<DeploymentResult> {
    return this.#run(async (run) => {
      const names = only ?? shuffle(Object.keys(program), this.options.random);
      await this.#inParallel(names, (name) => this.#register(run, name, program[name] ?? {}));
      if (run.errors.size > 0 || only) return;
      const removed = [...this.state.keys()].filter((name) => !(name in program));
      await this.#inParallel(removed, (name) => this.#delete(run, name));
    });
  }

  async refresh(): Promise<DeploymentResult> {
    return this.#run((run) =>
      this.#inParallel([...this.state.keys()], async (name) => {
        const old = this.state.get(name);
        if (!old) return;
        await this.#attempt(run, name, async () => {
          const { props, inputs } = await readAssignment(run.session, old.id, old.outputs);
          this.#save(run, name, { id: old.id, inputs: inputs ?? old.inputs, outputs: props, failed: false });
        });
      }),
    );
  }

  async destroy(): Promise<DeploymentResult> {
    return this.#run((run) => this.#inParallel([...this.state.keys()], (name) => this.#delete(run, name)));
  }

  /**
   * What a SIGKILL of engine and provider does: nothing that is under way is saved, sent or heard any more.
   */
  kill(): void {
    this.#generation++;
    this.#die();
  }

  async #run(deploy: (run: Run) => Promise<void>): Promise<DeploymentResult> {
    const generation = ++this.#generation;
    const death = new Promise<void>((resolve) => {
      this.#die = resolve;
    });
    this.session = this.#newSession();
    const run: Run = {
      session: this.session,
      generation,
      errors: new Map(),
      steps: { create: 0, update: 0, delete: 0, same: 0 },
    };
    await Promise.race([deploy(run), death]);
    return { errors: run.errors, steps: run.steps, killed: generation !== this.#generation };
  }

  async #register(run: Run, name: string, args: Props): Promise<void> {
    const old = this.state.get(name);
    const { inputs, failures } = checkAssignment(run.session, {
      ...args,
      resourceName: name,
      __provider: "text",
    });
    if (failures.length > 0) {
      run.errors.set(name, new Error(failures.map((failure) => failure.reason).join("\n")));
      return;
    }
    const news: Props = { ...inputs, __provider: "text" };
    const changed = await this.#changed(run, name, news);
    if (changed === undefined) return;
    const step = old ? (changed ? "update" : "same") : "create";
    run.steps[step]++;
    if (!changed) return;
    await this.#attempt(run, name, async () => {
      const save = (id: string, outputs: Props, failed: boolean) =>
        this.#save(run, name, { id, inputs: news, outputs: withProvider(outputs), failed });
      try {
        const { id, outs } = old
          ? { id: old.id, ...(await updateAssignment(run.session, old.id, old.outputs, news)) }
          : await createAssignment(run.session, news);
        save(id, outs, false);
        failProgram(outs);
      } catch (error) {
        if (error instanceof AssignmentError) save(error.id, error.properties, true);
        throw error;
      }
    });
  }

  /** @returns undefined where the diff fails */
  async #changed(run: Run, name: string, news: Props): Promise<boolean | undefined> {
    const old = this.state.get(name);
    if (!old || old.failed) return true;
    let changes: boolean | undefined;
    await this.#attempt(run, name, async () => {
      ({ changes } = await diffAssignment(run.session, old.id, old.outputs, news));
    });
    return changes;
  }

  async #delete(run: Run, name: string): Promise<void> {
    const old = this.state.get(name);
    if (!old) return;
    run.steps.delete++;
    await this.#attempt(run, name, async () => {
      await deleteAssignment(run.session, old.id, old.outputs);
      if (run.generation === this.#generation) this.state.delete(name);
    });
  }

  async #attempt(run: Run, name: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      run.errors.set(name, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #save(run: Run, name: string, resource: StoredResource): void {
    if (run.generation !== this.#generation) return;
    // What cannot be stored as plain JSON must show here, as it would in the engine.
    this.state.set(name, JSON.parse(JSON.stringify(resource)));
  }

  async #inParallel(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
    const queue = [...names];
    const worker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) await work(name);
    };
    await Promise.all(Array.from({ length: this.options.parallel ?? 16 }, worker));
  }

  #newSession(): Session {
    const { clock, random, account } = this.options;
    const generation = this.#generation;
    const alive = () => generation === this.#generation;
    const session: Session = createSession({
      api: this.options.connect(alive, () => session.progress),
      ...(account && { account }),
      retry: this.options.retry,
      clock,
      random,
      uuid: () => uuidFrom(random),
      print: (line) => {
        if (alive()) this.printed.push(line);
      },
    });
    return session;
  }
}

interface Run extends Omit<DeploymentResult, "killed"> {
  readonly session: Session;
  readonly generation: number;
  readonly errors: Map<string, Error>;
}

const savedFailure = z.object({ failure: z.object({ reasons: z.array(z.string()) }).optional() });

/** What the resource class does in the program with what was too large for an error of the provider. */
function failProgram(outs: Props): void {
  const { failure } = savedFailure.parse(outs);
  if (failure) throw new Error(failure.reasons.join("\n"));
}

function withProvider(outputs: Props): Props {
  return { ...outputs, __provider: "text" };
}

export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [shuffled[last], shuffled[other]];
    if (one !== undefined && two !== undefined) [shuffled[last], shuffled[other]] = [two, one];
  }
  return shuffled;
}

function uuidFrom(random: () => number): string {
  const hex = () => Math.floor(random() * 16).toString(16);
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, hex);
}
