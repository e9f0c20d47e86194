import { checkAssignment } from "../../provider/assignment/checkAssignment";
import { createAssignment } from "../../provider/assignment/createAssignment";
import { deleteAssignment } from "../../provider/assignment/deleteAssignment";
import { diffAssignment } from "../../provider/assignment/diffAssignment";
import { readAssignment } from "../../provider/assignment/readAssignment";
import { updateAssignment } from "../../provider/assignment/updateAssignment";
import { createDatadogClient } from "../../provider/datadog/client";
import { readSettings } from "../../provider/datadog/http/settings";
import type { Send } from "../../provider/datadog/model/transport";
import { AssignmentError } from "../../provider/engine/assignmentError";
import { deleteOwnership } from "../../provider/ownership/deleteOwnership";
import {
  checkOwnership,
  createOwnership,
  diffOwnership,
  updateOwnership,
} from "../../provider/ownership/ownershipLifecycle";
import { readOwnership } from "../../provider/ownership/readOwnership";
import { accountOf } from "../../provider/session/datadogAccount";
import { createSession, type Session } from "../../provider/session/session";
import type { Clock } from "../emulator";

/*
 * The only files of the random histories that import the provider are this one and pluginUnderTest.ts. What
 * they export is what an engine sees of a provider: calls that take inputs and a state and give back a state.
 * The oracle imports nothing from here.
 */

export type Props = Record<string, unknown>;

export interface CheckResult {
  readonly inputs: Props;
  readonly failures: ReadonlyArray<{ readonly reason: string }>;
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

/** A provider process: what all resources of one deployment share. */
export interface ProviderProcess {
  /** @param name of the resource */
  assignment(name: string): ResourceCalls;
  ownership(name: string): ResourceCalls;
  /** What the resource's class adds to the inputs that the program declares. */
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
}

/** An error with which a provider has the engine save the state of a resource. */
export { AssignmentError as SavedError };

export type StartProvider = (options: ProcessOptions) => ProviderProcess;

/** The dynamic provider. */
export const startProvider: StartProvider = (options) => {
  const session = openSimulatedSession(options);
  const assignment: ResourceCalls = {
    check: async (_olds, news) => checkAssignment(session, news),
    diff: async (id, olds, news) => (await diffAssignment(session, id, olds, news)).changes,
    create: (news) => createAssignment(session, news),
    update: (id, olds, news) => updateAssignment(session, id, olds, news),
    read: (id, props) => readAssignment(session, id, props),
    delete: (id, props) => deleteAssignment(session, id, props),
  };
  const ownership: ResourceCalls = {
    check: (olds, news) => checkOwnership(session, olds, news),
    diff: async (_id, olds, news) => (await diffOwnership(session, olds, news)).changes,
    create: (news) => createOwnership(session, news),
    update: (id, olds, news) => updateOwnership(session, id, olds, news),
    read: (id, props) => readOwnership(session, id, { ...props }),
    delete: (_id, props) => deleteOwnership(session, props),
  };
  const kept = { __provider: "text" };
  return {
    cancel: () => session.cancel(),
    assignment: () => assignment,
    ownership: () => ownership,
    added: (name) => ({ resourceName: name, ...kept }),
    kept,
  };
};

/** A session of simulated time, whose requests go nowhere but to the emulator. */
export function openSimulatedSession({ clock, random, send, print, config }: ProcessOptions): Session {
  const settings = readSettings(
    { get: (key) => config[key] },
    { DD_API_KEY: "unused", DD_APP_KEY: "unused" },
  );
  const api = createDatadogClient({
    settings,
    clock,
    random,
    send,
    onWait: ({ ms }) => session.progress.waiting(ms),
    onRetry: ({ reason, ms }) => session.progress.retrying(reason, ms),
  });
  const uuid = () => uuidFrom(random);
  const account = accountOf(settings);
  const session: Session = createSession({ api, account, retry: settings.retry, clock, random, uuid, print });
  return session;
}

function uuidFrom(random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
