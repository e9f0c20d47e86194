import { createBatchSender } from "../changes/batchSender";
import { ChangeQueue } from "../changes/changeQueue";
import { Claims } from "../core/claims";
import type { Clock } from "../core/clock";
import { type Day, dayOf } from "../core/day";
import { SharedTickets } from "../core/sharedTickets";
import { problemOf } from "../datadog/errors";
import { PermissionError } from "../datadog/errors/permissionError";
import { backoffMs } from "../datadog/model/backoff";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { plainLine } from "../datadog/model/plainText";
import { DEFAULT_RETRY, findingRetries, type RetrySettings } from "../datadog/model/retrySettings";
import { Progress } from "../messages/progress";
import { AcceptedChanges } from "./acceptedChanges";
import { AssigneeResolver } from "./assigneeResolver";
import { AssigningFindings } from "./assigningFindings";
import { ChangeLog } from "./changeLog";
import { ConfiguredAccount, type DatadogAccount } from "./datadogAccount";
import { DeclaredOwnerships } from "./declaredOwnerships";
import { KnownUsers, type NamedUser } from "./knownUsers";
import type { LeavingFinding } from "./leavingFinding";
import { OwnerDirectory } from "./ownerDirectory";
import { OwnerLookup } from "./ownerLookup";
import { RefreshedResources } from "./refreshedResources";
import { SeenStates } from "./seenStates";
import { SharedByKind } from "./sessionKey";

export interface SessionOptions {
  readonly api: FindingsApi;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly uuid: () => string;
  /** Prints one line for the user. */
  readonly print: (line: string) => void;
  /** Where the keys belong to; default: Datadog's first site, and no key. */
  readonly account?: DatadogAccount;
  /** Which setting the host comes from, for messages; default: `datadog:site`. */
  readonly hostSetting?: string;
  /** Prints how far the work is; default: `print`. */
  readonly printProgress?: (line: string) => void;
  /**
   * For findings that fail with 429 or 5xx inside an accepted batch, as for requests; default: that of
   * `readSettings`.
   */
  readonly retry?: RetrySettings;
  /** Whether a preview of lists asks who has the findings; default true. */
  readonly previewLookups?: boolean;
  /** Is told of each user whom Datadog names, before a message does. */
  readonly onUser?: (user: NamedUser) => void;
  /** Takes a line of JSON for each finding that changed owner; default: nobody does. */
  readonly writeChange?: (line: string) => void;
}

/** What all resources of one deployment share: made once a provider process. */
export interface Session {
  readonly api: FindingsApi;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly print: (line: string) => void;
  readonly claims: Claims;
  readonly ownerships: DeclaredOwnerships;
  readonly shared: SharedByKind;
  /** Findings that leave a FindingsAssignment in this deployment, as far as it has been compared. */
  readonly leaving: Map<string, LeavingFinding>;
  readonly changes: ChangeQueue;
  readonly owners: OwnerLookup;
  readonly assignees: AssigneeResolver;
  readonly directory: OwnerDirectory;
  readonly users: KnownUsers;
  readonly account: ConfiguredAccount;
  readonly accepted: AcceptedChanges;
  readonly seenStates: SeenStates;
  readonly refreshed: RefreshedResources;
  readonly tickets: SharedTickets;
  readonly assigning: AssigningFindings;
  /**
   * Findings that this process has sent to be unassigned, or that lose their owner with another one of their
   * ticket: a resource that declares one afterwards assigns it anew.
   */
  readonly releaseAttempts: Set<string>;
  readonly progress: Progress;
  /** undefined: no evidence of changes is wanted. */
  readonly changeLog: ChangeLog | undefined;
  /** In UTC, when the session began: rules do not end in the middle of a deployment. */
  readonly today: Day;
  /** Whether this is a preview that asks who has the findings of lists. */
  readonly previewsOwners: boolean;
  /** The program runs for a preview. */
  notePreview(): void;
  /** The session as the calls of a preview see it where the engine says which ones these are. */
  ofPreview(): Session;
  /**
   * The session as the diffs of a refresh see it. What they declare stays among themselves: it is not the
   * running program's, with which a finding that moves would be declared twice, and rules that are destroyed
   * would keep what they gave.
   */
  ofRefresh(): Session;
  /** Whether changes or look-ups are under way, or wait. */
  readonly busy: boolean;
  /** Aborted when the deployment is cancelled. */
  readonly cancelled: AbortSignal;
  /** Stops sending at once; what is under way comes to its end. */
  cancel(): void;
}

/**
 * So many batches in a row are refused by 401 or 403 before the keys count as refused, and with them all that
 * waits: one may be about its findings alone.
 */
const REFUSED_KEY = 3;

export const CANCELLED = "the deployment was cancelled";

export function createSession(options: SessionOptions): Session {
  const { clock, random, uuid, retry = DEFAULT_RETRY } = options;
  const { hostSetting = "datadog:site" } = options;
  const account = new ConfiguredAccount(
    options.api,
    options.account ?? { host: "api.datadoghq.com" },
    hostSetting,
  );
  const { api } = account;
  // Lines quote ids, which are data and may be anything.
  const print = (line: string) => options.print(plainLine(line));
  const { printProgress = options.print } = options;
  const progress = new Progress({ clock, print: (line) => printProgress(plainLine(line)) });
  const claims = new Claims();
  const accepted = new AcceptedChanges();
  const releaseAttempts = new Set<string>();
  let isPreview = false;
  const users = new KnownUsers(options.onUser);
  const changeLog = options.writeChange && new ChangeLog(options.writeChange, users, print);
  let refusedInARow = 0;
  const cancellation = new AbortController();
  const { signal } = cancellation;
  const sendBatch = createBatchSender({
    api,
    uuid,
    signal,
    onAccepted: (assigneeId, ids, acceptedAt) => {
      refusedInARow = 0;
      accepted.record(assigneeId, ids, acceptedAt);
      changeLog?.accepted(assigneeId, ids, acceptedAt);
    },
    onError: (error) => {
      if (error instanceof PermissionError && ++refusedInARow >= REFUSED_KEY) {
        changes.failQueued((findingId) => ({ findingId, ...problemOf(error) }));
      }
    },
  });
  const changes: ChangeQueue = new ChangeQueue({
    sendBatch: (assigneeId, findingIds, guard) => {
      if (assigneeId === null) for (const id of findingIds) releaseAttempts.add(id);
      accepted.beginSending(assigneeId, findingIds);
      return sendBatch(assigneeId, findingIds, guard);
    },
    clock,
    maxRetries: findingRetries(retry),
    retryTimeoutMs: retry.timeoutMs,
    retryDelayMs: (failures) => backoffMs(retry, failures - 1, random),
    onRetry: (status, ms) => progress.retrying(String(status), ms),
    skip: ({ assigneeId, findingId }) => assigneeId === null && claims.has(findingId),
  });
  const owners = new OwnerLookup(api, clock, signal);
  const assignees = new AssigneeResolver(api, signal, progress, users);
  let refreshView: Session | undefined;
  const session: Session = {
    api,
    clock,
    uuid,
    print,
    claims,
    ownerships: new DeclaredOwnerships(),
    shared: new SharedByKind(),
    leaving: new Map(),
    changes,
    owners,
    assignees,
    directory: new OwnerDirectory(api, { signal, users, find: (name) => assignees.find(name) }),
    users,
    account,
    accepted,
    today: dayOf(clock.now()),
    seenStates: new SeenStates(),
    refreshed: new RefreshedResources(),
    tickets: new SharedTickets(),
    assigning: new AssigningFindings(),
    releaseAttempts,
    progress,
    changeLog,
    get previewsOwners() {
      return isPreview && options.previewLookups !== false;
    },
    notePreview() {
      isPreview = true;
    },
    ofPreview() {
      return { ...session, previewsOwners: options.previewLookups !== false };
    },
    ofRefresh() {
      refreshView ??= {
        ...session,
        claims: new Claims(),
        ownerships: new DeclaredOwnerships(),
        leaving: new Map(),
        shared: new SharedByKind(),
        previewsOwners: false,
      };
      return refreshView;
    },
    get busy() {
      return !changes.idle || !owners.idle;
    },
    cancelled: signal,
    cancel() {
      changes.cancel(CANCELLED);
      cancellation.abort(new Error(CANCELLED));
    },
  };
  return session;
}
