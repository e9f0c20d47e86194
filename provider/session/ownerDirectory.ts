import { isUuid } from "../core/claims";
import { OnCallUnavailableError, TeamLookupError, UserLookupError } from "../datadog/errors";
import { PermissionError } from "../datadog/errors/permissionError";
import { findTeam } from "../datadog/findTeam";
import { findUser } from "../datadog/findUser";
import type { DatadogTeam, DatadogUser, FindingsApi } from "../datadog/model/findingsApi";
import type { OwnerProblem } from "../rules/pickOwners";
import { KnownUsers } from "./knownUsers";

/** The users behind an owner; where there are none, why. */
export interface OwnerUsers {
  readonly users: readonly DatadogUser[];
  readonly problem: OwnerProblem | undefined;
  /** UUIDs of users who are meant and are disabled: they own what they were given before. */
  readonly disabledIds?: readonly string[];
}

type Api = Pick<FindingsApi, "listUsers" | "getUser" | "listTeams" | "listTeamMembers" | "listOnCall">;

export interface OwnerDirectoryOptions {
  readonly signal?: AbortSignal;
  /** Whom it has seen is noted here. */
  readonly users?: KnownUsers;
  /** Finds a user by e-mail or handle; default: asks each time. @throws UserLookupError */
  readonly find?: (name: string) => Promise<DatadogUser>;
}

/**
 * Who stands behind users, teams and schedules: each is asked for once a process. A team that an earlier
 * deployment knew by its id takes one request, its members, until `confirm` asks for its handle again; a team
 * with more than 100 members takes one for each 100.
 */
export class OwnerDirectory {
  readonly #api: Api;
  readonly #signal: AbortSignal | undefined;
  readonly #seen: KnownUsers;
  readonly #find: (name: string) => Promise<DatadogUser>;
  readonly #teamIds = new Map<string, string>();
  readonly #knownTeams = new Map<string, string>();
  readonly #teams = new Map<string, Promise<DatadogTeam>>();
  readonly #users = new Map<string, Promise<OwnerUsers>>();
  readonly #members = new Map<string, Promise<readonly DatadogUser[] | undefined>>();
  readonly #onCall = new Map<string, Promise<readonly DatadogUser[] | undefined>>();
  readonly #onCallNow = new Map<string, readonly string[]>();

  constructor(api: Api, { signal, users = new KnownUsers(), find }: OwnerDirectoryOptions = {}) {
    this.#api = api;
    this.#signal = signal;
    this.#seen = users;
    this.#find = find ?? ((name) => findUser(api, name, signal));
  }

  /** The ids of teams by handle, as an earlier deployment found them. */
  know(teams: Readonly<Record<string, string>>): void {
    for (const [handle, id] of Object.entries(teams)) {
      // What this process has asked for itself is newer.
      if (!this.#teams.has(handle.toLowerCase())) this.#knownTeams.set(handle.toLowerCase(), id);
    }
  }

  /** The ids of teams by handle, as far as they were asked for. */
  teams(handles: Iterable<string>): Record<string, string> {
    const known = [...new Set(handles)].sort().flatMap((handle) => {
      const id = this.#teamIds.get(handle);
      return id === undefined ? [] : [[handle, id] as const];
    });
    return Object.fromEntries(known);
  }

  /** Asks for a team's handle again: since an earlier deployment it may have passed to another team. */
  async confirm(handle: string): Promise<void> {
    const wasKnown = this.#knownTeams.delete(handle);
    if (!wasKnown && !this.#teams.has(handle)) return;
    const team = await this.#team(handle).catch(unlessUnknown);
    if (team) this.#teamIds.set(handle, team.id);
  }

  /** The user, where active. */
  async user(name: string): Promise<OwnerUsers> {
    return once(this.#users, name.toLowerCase(), async () => {
      if (isUuid(name)) {
        const user = await this.#api.getUser(name, this.#signal);
        if (!user) return nobody("unknown", `no user of this Datadog organisation has the UUID ${name}`);
        this.#noted(user);
        if (!user.disabled) return found([user]);
        const message = `the user ${this.#seen.label(user)} is disabled in Datadog and cannot own findings`;
        return { ...nobody("inactive", message), disabledIds: [user.id] };
      }
      try {
        return found([this.#noted(await this.#find(name))]);
      } catch (error) {
        if (!(error instanceof UserLookupError)) throw error;
        const kind = error.problem === "disabled" ? "inactive" : "unknown";
        return { ...nobody(kind, error.message), disabledIds: error.disabledIds };
      }
    });
  }

  /** The active members of a team, service accounts not among them. */
  async members(handle: string): Promise<OwnerUsers> {
    try {
      const members = await this.#membersOf(handle);
      const active = members.filter(({ disabled, serviceAccount }) => !disabled && !serviceAccount);
      if (active.length > 0) return found(active);
      const message = `the team "${handle}" has no active members; add one in Datadog, or name another owner`;
      return nobody("inactive", message);
    } catch (error) {
      if (error instanceof TeamLookupError) return nobody("unknown", error.message);
      throw error;
    }
  }

  /** Who is on call for a team now. */
  async onCall(handle: string): Promise<OwnerUsers> {
    try {
      const id = await this.#teamId(handle);
      const users = await once(this.#onCall, id, () => this.#api.listOnCall(id, this.#signal));
      for (const user of users ?? []) this.#noted(user);
      const active = users?.filter(({ disabled }) => !disabled) ?? [];
      this.#onCallNow.set(
        handle,
        active.map((user) => user.id),
      );
      if (active.length > 0) return found(active);
      const message =
        users === undefined
          ? `the team "${handle}" has no On-Call; set it up in Datadog, or name another owner`
          : `nobody is on call for the team "${handle}"; fill its schedule in Datadog, or name another owner`;
      return nobody("inactive", message);
    } catch (error) {
      if (error instanceof TeamLookupError) return nobody("unknown", error.message);
      if (error instanceof OnCallUnavailableError) return nobody("inactive", error.message);
      throw error;
    }
  }

  /** UUIDs of who is on call for a team, as far as that was asked. */
  onCallNow(handle: string): readonly string[] {
    return this.#onCallNow.get(handle) ?? [];
  }

  /**
   * Asks for users of whom nothing is known yet, by UUID: one request each. They may be disabled by now. Who
   * cannot be looked up with these keys counts as active.
   */
  async recognise(userIds: readonly string[]): Promise<void> {
    const unknown = userIds.filter((id) => !this.#seen.has(id));
    await Promise.all(unknown.map((id) => this.user(id))).catch(unlessForbidden);
  }

  /** By its known id; a team that is not there any more may have come back under another one. */
  async #membersOf(handle: string): Promise<readonly DatadogUser[]> {
    const id = await this.#teamId(handle);
    const members = await this.#listMembers(id);
    if (members) return members;
    await this.confirm(handle);
    const current = await this.#teamId(handle);
    return (current === id ? undefined : await this.#listMembers(current)) ?? [];
  }

  #listMembers(teamId: string): Promise<readonly DatadogUser[] | undefined> {
    return once(this.#members, teamId, async () => {
      const members = await this.#api.listTeamMembers(teamId, this.#signal);
      for (const user of members ?? []) this.#noted(user);
      return members;
    });
  }

  async #teamId(handle: string): Promise<string> {
    const id = this.#knownTeams.get(handle) ?? (await this.#team(handle)).id;
    this.#teamIds.set(handle, id);
    return id;
  }

  #noted(user: DatadogUser): DatadogUser {
    this.#seen.note(user);
    return user;
  }

  #team(handle: string): Promise<DatadogTeam> {
    return once(this.#teams, handle, () => findTeam(this.#api, handle, this.#signal));
  }
}

function found(users: readonly DatadogUser[]): OwnerUsers {
  return { users, problem: undefined };
}

function nobody(kind: OwnerProblem["kind"], message: string): OwnerUsers {
  return { users: [], problem: { kind, message } };
}

function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof PermissionError)) throw error;
  return undefined;
}

function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof TeamLookupError)) throw error;
  return undefined;
}

/** What failed is asked for again by the next who needs it. */
function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const asked = ask();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}
