import { isDeepStrictEqual } from "node:util";
import { checkAssignment } from "../../provider/assignment/checkAssignment";
import { createAssignment } from "../../provider/assignment/createAssignment";
import { deleteAssignment } from "../../provider/assignment/deleteAssignment";
import { diffAssignment } from "../../provider/assignment/diffAssignment";
import { updateAssignment } from "../../provider/assignment/updateAssignment";
import type { Clock } from "../../provider/core/clock";
import { createDatadogClient } from "../../provider/datadog/client";
import { readSettings } from "../../provider/datadog/http/settings";
import { AssignmentError } from "../../provider/engine/assignmentError";
import type { CheckResult } from "../../provider/engine/checkFailures";
import { deleteOwnership } from "../../provider/ownership/deleteOwnership";
import {
  checkOwnership,
  createOwnership,
  diffOwnership,
  updateOwnership,
} from "../../provider/ownership/ownershipLifecycle";
import { readOwnership } from "../../provider/ownership/readOwnership";
import type { DatadogAccount } from "../../provider/session/datadogAccount";
import { createSession, type Session } from "../../provider/session/session";
import {
  type EmulatedFinding,
  Emulator,
  type EmulatorOptions,
  inProcessSend,
  SeededRandom,
  SimulatedClock,
} from "../emulator";

type Props = Record<string, unknown>;

/** What the programs of most tests declare. */
const SECURITY = "security";

export interface DeployOptions {
  /** Each resource waits for the one before it, as with `dependsOn`; default: all are under way at once. */
  readonly inOrder?: boolean;
  /** So much later than the one before it each resource comes; default 0. */
  readonly staggerMs?: number;
}

/**
 * FindingsOwnerships and, known by their `findingIds`, FindingsAssignments, deployed in the engine's order:
 * deletes last, each deployment in a session of its own.
 */
export class OwnershipStack {
  readonly clock = new SimulatedClock();
  readonly emulator: Emulator;
  readonly printed: string[] = [];
  /** Lines of `datadog:changesFile`, where `writesChanges`. */
  readonly changes: string[] = [];
  writesChanges = false;
  /** Outputs by resource name. */
  readonly state = new Map<string, Props>();
  /** Of the last deployment of each resource: what the engine hands to the next check. */
  readonly #inputs = new Map<string, Props>();
  readonly #random = new SeededRandom(7);
  /** How far the provider's own clock is ahead of Datadog's, ms. */
  skewMs = 0;
  /** Where the provider's keys belong to. */
  account: DatadogAccount = { host: "api.datadoghq.com", keyDigest: "aaaaaaaaaaaa" };

  constructor(findings: readonly EmulatedFinding[], options: Partial<EmulatorOptions> = {}) {
    this.emulator = new Emulator({ ...options, clock: this.clock, findings });
  }

  get outputs(): Props | undefined {
    return this.state.get(SECURITY);
  }

  /** Deploys one FindingsOwnership. */
  async up(args: Props): Promise<{ changed: boolean }> {
    return { changed: (await this.deploy({ [SECURITY]: args })).has(SECURITY) };
  }

  preview(args: Props): Promise<boolean | undefined> {
    return this.clock.run(this.#preview(this.#session(), SECURITY, args));
  }

  /** Checks and compares all resources, as a preview does. */
  previewAll(program: Readonly<Record<string, Props>>): Promise<void> {
    const session = this.#session();
    session.notePreview();
    const each = async ([name, args]: [string, Props]) => {
      await this.#preview(session, name, args);
    };
    const inOrder = async () => {
      for (const resource of Object.entries(program)) await each(resource);
    };
    return this.clock.run(inOrder());
  }

  /** Checks the inputs of one FindingsOwnership. */
  check(name: string, args: Props): Promise<CheckResult> {
    return this.clock.run(
      checkOwnership(this.#session(), this.#inputs.get(name) ?? {}, inputsOf(name, args)),
    );
  }

  /** @returns the resources that were created, updated or deleted */
  deploy(program: Readonly<Record<string, Props>>, options: DeployOptions = {}): Promise<Set<string>> {
    return this.clock.run(this.#deploy(program, options));
  }

  /** Deletes everything, without checking anything first. */
  destroy(): Promise<void> {
    const session = this.#session();
    const names = [...this.state.keys()];
    return this.clock.run(
      Promise.all(names.map((name) => this.#delete(session, name))).then(() => undefined),
    );
  }

  /**
   * Refreshes every FindingsOwnership.
   * @returns those whose state it changed
   */
  refresh(): Promise<Set<string>> {
    const session = this.#session();
    const names = [...this.state.keys()].filter((name) => !isAssignment(this.state.get(name) ?? {}));
    const changed = new Set<string>();
    const read = async (name: string) => {
      const old = this.state.get(name) ?? {};
      const { props } = await readOwnership(session, "id", old);
      if (isDeepStrictEqual(props, old)) return;
      changed.add(name);
      this.#save(name, props);
    };
    return this.clock.run(Promise.all(names.map(read)).then(() => changed));
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

  async #deploy(
    program: Readonly<Record<string, Props>>,
    { inOrder = false, staggerMs = 0 }: DeployOptions,
  ): Promise<Set<string>> {
    const session = this.#session();
    const changed = new Set<string>();
    const register = async ([name, args]: [string, Props]) => {
      if (await this.#register(session, name, args)) changed.add(name);
    };
    const resources = Object.entries(program);
    if (inOrder) for (const resource of resources) await register(resource);
    else {
      const late = async (resource: [string, Props], index: number) => {
        // no wait at all lets them meet in the same moment; a timer would let the first come to its end
        if (staggerMs > 0) await this.clock.sleep(index * staggerMs);
        await register(resource);
      };
      await Promise.all(resources.map(late));
    }
    for (const name of [...this.state.keys()].filter((each) => !(each in program))) {
      await this.#delete(session, name);
      changed.add(name);
    }
    return changed;
  }

  async #register(session: Session, name: string, args: Props): Promise<boolean> {
    const changes = await this.#preview(session, name, args);
    const old = this.state.get(name);
    const news = inputsOf(name, args);
    this.#inputs.set(name, news);
    if (old && !changes) return false;
    const [create, update] = isAssignment(args)
      ? [createAssignment, updateAssignment]
      : [createOwnership, updateOwnership];
    try {
      this.#save(name, (old ? await update(session, name, old, news) : await create(session, news)).outs);
    } catch (error) {
      if (error instanceof AssignmentError) this.#save(name, error.properties);
      throw error;
    }
    return true;
  }

  async #preview(session: Session, name: string, args: Props): Promise<boolean | undefined> {
    const news = inputsOf(name, args);
    const old = this.state.get(name);
    const { failures } = isAssignment(args)
      ? checkAssignment(session, news)
      : await checkOwnership(session, this.#inputs.get(name) ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (!old) return undefined;
    const { changes } = isAssignment(args)
      ? await diffAssignment(session, name, old, news)
      : await diffOwnership(session, old, news);
    return changes;
  }

  async #delete(session: Session, name: string): Promise<void> {
    const old = this.state.get(name) ?? {};
    if (isAssignment(old)) await deleteAssignment(session, name, old);
    else await deleteOwnership(session, old);
    this.state.delete(name);
  }

  /** What cannot be stored as plain JSON must show here, as it would in the engine. */
  #save(name: string, outputs: Props): void {
    this.state.set(name, JSON.parse(JSON.stringify(outputs)));
  }

  #session(): Session {
    const { skewMs } = this;
    const clock: Clock = {
      now: () => this.clock.now() + skewMs,
      sleep: (ms, signal) => this.clock.sleep(ms, signal),
    };
    const random = () => this.#random.next();
    const settings = readSettings({ get: () => undefined }, { DD_API_KEY: "unused", DD_APP_KEY: "unused" });
    const api = createDatadogClient({ settings, clock, random, send: inProcessSend(this.emulator) });
    return createSession({
      api,
      account: this.account,
      clock,
      random,
      uuid: () => this.#random.uuid(),
      print: (line) => this.printed.push(line),
      ...(this.writesChanges && { writeChange: (line) => this.changes.push(line) }),
    });
  }
}

function inputsOf(name: string, args: Props): Props {
  return { resourceName: name, ...args, __provider: "text" };
}

function isAssignment(props: Props): boolean {
  return "findingIds" in props;
}
