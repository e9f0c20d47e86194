/** What Datadog said of one finding of a batch. */
export interface FindingProblem {
  /** Which finding, by its id. */
  readonly findingId: string;
  /** HTTP status that Datadog gave for this finding; 0 where no answer came. */
  readonly status: number;
  /** What Datadog calls the problem; may be empty. */
  readonly title: string;
  /** What Datadog says of it; may be empty. */
  readonly detail: string;
}

/**
 * The answer to an accepted batch: where `unattributed` is empty, whatever is not among `failures` and
 * `leftAlone` has been changed.
 */
export interface AssignmentReceipt {
  readonly failures: readonly FindingProblem[];
  /**
   * Failures that name findings which were not sent: something of the batch failed, and it cannot be seen
   * which findings.
   */
  readonly unattributed: readonly FindingProblem[];
  readonly warnings: readonly FindingProblem[];
  /** Held back by the guard, and not sent. */
  readonly leftAlone: readonly string[];
  /** Those of `leftAlone` that an earlier try without an answer had sent: they may have been changed. */
  readonly inDoubt?: readonly string[];
  /**
   * Datadog's own clock (the answer's `Date` header) in ms since the epoch; ours where it sent none, or one
   * that is far off.
   */
  readonly acceptedAt: number;
  /**
   * How long to wait before what failed with 429 is tried again, ms; absent where the answer does not say.
   */
  readonly retryAfterMs?: number;
  /** Set where an earlier try of the request got no answer: what fails now may have been changed by that. */
  readonly afterUnclearTry?: true;
}

/** Who owns a finding, as the search returns it. */
export interface TriageAssignee {
  /** The user's UUID. */
  readonly id: string;
  /** As Datadog shows it; absent where it does not say. */
  readonly name?: string;
  /** When it was assigned, ms since the epoch; absent where Datadog does not say. */
  readonly updatedAt?: number;
  /** Name of who assigned it; absent where Datadog does not say. */
  readonly updatedBy?: string;
}

/**
 * The Case that a finding is linked to, perhaps with a Jira or Linear issue. Datadog keeps its owner and
 * those of all findings linked to it the same.
 */
export interface Ticket {
  /** Of the Case, where Datadog says so; or else as `key`. */
  readonly id: string;
  /** As people name it: of the Jira issue where there is one ("PROJ-12345"), or of the Case ("CASE-42"). */
  readonly key: string;
}

/** One finding as the search returns it. */
export interface Finding {
  /** As Datadog shows it: opaque and case-sensitive. */
  readonly id: string;
  /** Such as `critical`; what a query has after `@severity:`. */
  readonly severity: string | null;
  /** Such as `open`; what a query has after `@status:`. */
  readonly status: string | null;
  /** Such as `misconfiguration`; what a query has after `@finding_type:`. */
  readonly type: string | null;
  /** What was found, in a few words. */
  readonly title: string | null;
  /** Such as `team:payments`. */
  readonly tags: readonly string[];
  /** Id of what it was found in. */
  readonly resourceId: string | null;
  /** Name of what it was found in. */
  readonly resourceName: string | null;
  /** When its detection changed last, or else when it was seen first; ms since the epoch. */
  readonly detectedAt: number | null;
  /** Who owns it, where somebody does. */
  readonly assignee: TriageAssignee | null;
  /** What it is linked to, where that is something. */
  readonly ticket: Ticket | null;
  /** Of code: who owns it by the repository's CODEOWNERS, such as `@org/payments`; absent: nobody. */
  readonly codeOwners?: readonly string[];
}

export interface FindingsPage {
  readonly findings: readonly Finding[];
  /** Absent on the last page. */
  readonly cursor?: string;
  /** Datadog's own clock, ms since the epoch. */
  readonly answeredAt: number;
  /**
   * Ids of findings that came in a shape that cannot be read, undefined where not even the id can; absent:
   * none.
   */
  readonly unreadable?: readonly (string | undefined)[];
}

export interface SearchRequest {
  readonly query: string;
  /** 1 to 100, default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: "@detection_changed_at" | "-@detection_changed_at";
  readonly signal?: AbortSignal;
}

/** A user of Datadog. */
export interface DatadogUser {
  /** The user's UUID. */
  readonly id: string;
  /** As Datadog shows it. */
  readonly name: string | null;
  /** In Datadog's spelling. */
  readonly email: string | null;
  /** What Datadog calls the user where an e-mail is not enough. */
  readonly handle: string | null;
  /** A disabled user owns no findings. */
  readonly disabled: boolean;
  /** Whether it stands for a program and not for a person. */
  readonly serviceAccount: boolean;
  /** Of the organisation whose keys asked, where Datadog says so. */
  readonly organisationId: string | null;
}

/** A team of Datadog. */
export interface DatadogTeam {
  /** The team's UUID. */
  readonly id: string;
  /** In Datadog's spelling. */
  readonly handle: string;
  /** As Datadog shows it. */
  readonly name: string | null;
}

/** Who is on call by a schedule now. */
export interface OnCallShift {
  /** UUID. */
  readonly userId: string;
  /** UUIDs of the teams that the schedule belongs to. */
  readonly teamIds: readonly string[];
  /** When the shift ends, ms since the epoch; undefined where Datadog does not say. */
  readonly endsAt: number | undefined;
}

/**
 * Which of the findings of a batch are to stay as they are: asked when it may go, since the rate limit may
 * have held it back for long. May ask Datadog.
 */
export type ChangeGuard = (findingIds: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * The endpoints, typed. Made by `createFindingsApi` in `client.ts`; failures are the classes of `errors/`.
 */
export interface FindingsApi {
  /**
   * Assigns 1 to 100 findings to a user (UUID), or unassigns them (null), in one request.
   * @param requestId a UUID that goes with the request as `data.id`
   * @param guard without one all findings are sent
   * @throws Error where the guard cannot tell: nothing is sent then
   */
  assign(
    findingIds: readonly string[],
    assigneeId: string | null,
    requestId: string,
    signal?: AbortSignal,
    guard?: ChangeGuard,
  ): Promise<AssignmentReceipt>;
  search(request: SearchRequest): Promise<FindingsPage>;
  /** All pages of the users whose name, e-mail or handle contains `filter`. */
  listUsers(filter: string, signal?: AbortSignal): Promise<readonly DatadogUser[]>;
  /** undefined where Datadog knows no such user. */
  getUser(id: string, signal?: AbortSignal): Promise<DatadogUser | undefined>;
  /** Whoever comes first; undefined: there is nobody. */
  anyUser(signal?: AbortSignal): Promise<DatadogUser | undefined>;
  /** All pages of the teams whose name or handle contains `keyword`. */
  listTeams(keyword: string, signal?: AbortSignal): Promise<readonly DatadogTeam[]>;
  /**
   * The members of a team, the disabled ones too: a request for each 100. undefined where Datadog knows no
   * such team.
   * @param teamId UUID
   */
  listTeamMembers(teamId: string, signal?: AbortSignal): Promise<readonly DatadogUser[] | undefined>;
  /**
   * Who is on call for a team now, the disabled ones too; empty where nobody is, undefined where the team has
   * no On-Call.
   * @param teamId UUID
   * @throws OnCallUnavailableError on the gov sites, before anything is sent
   */
  listOnCall(teamId: string, signal?: AbortSignal): Promise<readonly DatadogUser[] | undefined>;
  /**
   * The shifts of now of all schedules of teams: a request for each 100 schedules, and one for each of them.
   * @param teamIds UUIDs
   * @throws OnCallUnavailableError on the gov sites, before anything is sent
   */
  listShifts(teamIds: readonly string[], signal?: AbortSignal): Promise<readonly OnCallShift[]>;
}
