import { isUuid } from "../core/claims";
import type { DatadogUser, FindingsApi } from "../datadog/findingsApi";
import { findUser } from "../datadog/findUser";

/** Turns a declared assignee into a user's UUID: a UUID is taken as it is, a name is asked for once a process. */
export class AssigneeResolver {
  readonly #api: FindingsApi;
  readonly #signal: AbortSignal | undefined;
  readonly #users = new Map<string, Promise<DatadogUser>>();

  constructor(api: FindingsApi, signal?: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** @throws UserNotFoundError, DisabledUserError or AmbiguousUserError */
  async resolve(assignee: string): Promise<string> {
    if (isUuid(assignee)) return assignee.toLowerCase();
    const key = assignee.toLowerCase();
    let user = this.#users.get(key);
    if (!user) {
      user = findUser(this.#api, assignee, this.#signal);
      this.#users.set(key, user);
      user.catch(() => this.#users.delete(key));
    }
    return (await user).id;
  }
}
