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
 * The only file of the random histories that imports the provider. What it exports is what an engine sees of
 * a provider: calls that take inputs and a state and give back a state. The oracle imports nothing from here.
 */

export type Props = Record<string, unknown>;

export interface CheckResult {
  readonly inputs: Props;
  readonly failures: ReadonlyArray<{ readonly reason: string }>;
}

/** The calls of one kind of resource, within one provider process. */
export interface ResourceCalls {
  check(olds: Props, news: Props): Promise<CheckResult>;
  diff(id: string, olds: Props, news: Props): Promise<boolean>;
  create(news: Props): Promise<{ readonly id: string; readonly outs: Props }>;
  update(id: string, olds: Props, news: Props): Promise<{ readonly outs: Props }>;
  read(
    id: string,
    props: Props,
  ): Promise<{ readonly id: string; readonly props: Props; readonly inputs?: Props }>;
  delete(id: string, props: Props): Promise<void>;
}

/** A provider process: what all resources of one deployment share. */
export interface ProviderProcess {
  readonly assignment: ResourceCalls;
  readonly ownership: ResourceCalls;
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

export function startProvider({ clock, random, send, print, config }: ProcessOptions): ProviderProcess {
  const settings = readSettings(
    { get: (key) => config[key] },
    { DD_API_KEY: "unused", DD_APP_KEY: "unused" },
  );
  const { api } = createDatadogClient({
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
  return {
    cancel: () => session.cancel(),
    assignment: {
      check: async (_olds, news) => checkAssignment(session, news),
      diff: async (id, olds, news) => (await diffAssignment(session, id, olds, news)).changes,
      create: (news) => createAssignment(session, news),
      update: (id, olds, news) => updateAssignment(session, id, olds, news),
      read: (id, props) => readAssignment(session, id, props),
      delete: (id, props) => deleteAssignment(session, id, props),
    },
    ownership: {
      check: (olds, news) => checkOwnership(session, olds, news),
      diff: async (_id, olds, news) => (await diffOwnership(session, olds, news)).changes,
      create: (news) => createOwnership(session, news),
      update: (id, olds, news) => updateOwnership(session, id, olds, news),
      read: (id, props) => readOwnership(session, id, { ...props }),
      delete: (_id, props) => deleteOwnership(session, props),
    },
  };
}

function uuidFrom(random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
