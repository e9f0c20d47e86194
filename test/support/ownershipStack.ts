import { createDatadogClient } from "../../provider/datadog/client";
import { readSettings } from "../../provider/datadog/settings";
import {
  checkOwnership,
  createOwnership,
  deleteOwnership,
  diffOwnership,
  updateOwnership,
} from "../../provider/lifecycle/ownership/ownershipLifecycle";
import { createSession, type Session } from "../../provider/lifecycle/session";
import {
  type EmulatedFinding,
  Emulator,
  type EmulatorOptions,
  inProcessSend,
  SeededRandom,
  SimulatedClock,
} from "../emulator";

type Props = Record<string, unknown>;

/** One FindingsOwnership, deployed in the engine's order, each deployment in a session of its own. */
export class OwnershipStack {
  readonly clock = new SimulatedClock();
  readonly emulator: Emulator;
  readonly printed: string[] = [];
  outputs: Props | undefined;
  readonly #random = new SeededRandom(7);

  constructor(findings: readonly EmulatedFinding[], options: Partial<EmulatorOptions> = {}) {
    this.emulator = new Emulator({ ...options, clock: this.clock, findings });
  }

  up(args: Props): Promise<{ changed: boolean }> {
    return this.clock.run(this.#up(args));
  }

  preview(args: Props): Promise<boolean | undefined> {
    return this.clock.run(this.#preview(this.#session(), args));
  }

  destroy(): Promise<void> {
    return this.clock.run(deleteOwnership(this.#session(), this.outputs ?? {}));
  }

  email(index: number): string {
    return this.emulator.users.filter((user) => !user.disabled)[index]?.email ?? "";
  }

  idOf(email: string): string {
    return this.emulator.users.find((user) => user.email === email)?.id ?? "";
  }

  async #up(args: Props): Promise<{ changed: boolean }> {
    const session = this.#session();
    const news = { ...args, resourceName: "security", __provider: "text" };
    const changed = await this.#preview(session, args);
    if (!this.outputs) {
      this.outputs = (await createOwnership(session, news)).outs;
      return { changed: true };
    }
    if (changed) this.outputs = (await updateOwnership(session, "id", this.outputs, news)).outs;
    this.outputs = JSON.parse(JSON.stringify(this.outputs));
    return { changed: changed === true };
  }

  async #preview(session: Session, args: Props): Promise<boolean | undefined> {
    const news = { ...args, resourceName: "security", __provider: "text" };
    const { failures } = await checkOwnership(session, this.outputs ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return this.outputs && (await diffOwnership(session, this.outputs, news)).changes;
  }

  #session(): Session {
    const { clock } = this;
    const random = () => this.#random.next();
    const settings = readSettings({ get: () => undefined }, { DD_API_KEY: "unused", DD_APP_KEY: "unused" });
    const { api } = createDatadogClient({ settings, clock, random, send: inProcessSend(this.emulator) });
    return createSession({
      api,
      clock,
      random,
      uuid: () => this.#random.uuid(),
      print: (line) => this.printed.push(line),
    });
  }
}
