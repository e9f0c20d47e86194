import { checkAssignment } from "../../provider/assignment/checkAssignment";
import { createAssignment } from "../../provider/assignment/createAssignment";
import { deleteAssignment } from "../../provider/assignment/deleteAssignment";
import { diffAssignment } from "../../provider/assignment/diffAssignment";
import { previewCheck } from "../../provider/assignment/previewAssignment";
import { readAssignment } from "../../provider/assignment/readAssignment";
import { updateAssignment } from "../../provider/assignment/updateAssignment";
import { createDatadogClient } from "../../provider/datadog/client";
import { readSettings } from "../../provider/datadog/http/settings";
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
import type { ProcessOptions, ResourceCalls, StartProvider } from "./providerProcess";

/** The error with which the provider has the engine save the state of a resource. */
export { AssignmentError as SavedError };

/** The dynamic provider. */
export const startProvider: StartProvider = (options) => {
  const session = openSimulatedSession(options);
  if (options.isPreview) session.notePreview();
  const assignment: ResourceCalls = {
    check: (olds, news) => previewCheck(session, olds, checkAssignment(session, news)),
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
export function openSimulatedSession(options: Omit<ProcessOptions, "isPreview">): Session {
  const { clock, random, send, print, config, writeChange } = options;
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
  const { account = accountOf(settings) } = options;
  const session: Session = createSession({
    api,
    account,
    retry: settings.retry,
    clock,
    random,
    uuid,
    print,
    ...(writeChange && { writeChange }),
  });
  return session;
}

function uuidFrom(random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
