import { isUuid } from "../core/claims";
import { findUser } from "../datadog/findUser";
import type { DatadogUser, FindingsApi } from "../datadog/model/findingsApi";
import type { Progress } from "../messages/progress";

/** Turns a declared assignee into a user's UUID: a UUID is taken as it is, a name is asked for once a process. */
export class AssigneeResolver {
  readonly #api: FindingsApi;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: Progress | undefined;
  readonly #users = new Map<string, Promise<DatadogUser>>();

  constructor(api: FindingsApi, signal?: AbortSignal, progress?: Progress) {
    this.#api = api;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** @throws UserNotFoundError, DisabledUserError or AmbiguousUserError */
  async resolve(assignee: string): Promise<string> {
    if (isUuid(assignee)) return assignee.toLowerCase();
    const key = assignee.toLowerCase();
    let user = this.#users.get(key);
    if (!user) {
      user = this.#find(assignee);
      this.#users.set(key, user);
      user.catch(() => this.#users.delete(key));
    }
    return (await user).id;
  }

  async #find(assignee: string): Promise<DatadogUser> {
    const task = this.#progress?.start("owners", "looked up", 1, "users");
    try {
      const user = await findUser(this.#api, assignee, this.#signal);
      task?.advance();
      return user;
    } finally {
      task?.finish();
    }
  }
}
