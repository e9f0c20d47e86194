import { isUuid } from "../core/claims";
import { findUser } from "../datadog/findUser";
import type { DatadogUser, FindingsApi } from "../datadog/model/findingsApi";
import type { Progress } from "../messages/progress";
import type { KnownUsers } from "./knownUsers";

/**
 * Turns a declared assignee into a user's UUID: a UUID is taken as it is, a name is asked for once a process.
 */
export class AssigneeResolver {
  readonly #api: FindingsApi;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: Progress | undefined;
  readonly #known: KnownUsers | undefined;
  readonly #users = new Map<string, Promise<DatadogUser>>();

  constructor(api: FindingsApi, signal?: AbortSignal, progress?: Progress, known?: KnownUsers) {
    this.#api = api;
    this.#signal = signal;
    this.#progress = progress;
    this.#known = known;
  }

  /** @throws UserNotFoundError, DisabledUserError or AmbiguousUserError */
  async resolve(assignee: string): Promise<string> {
    return isUuid(assignee) ? assignee.toLowerCase() : (await this.find(assignee)).id;
  }

  /**
   * The user with an e-mail or handle.
   * @throws UserLookupError
   */
  find(assignee: string): Promise<DatadogUser> {
    const key = assignee.toLowerCase();
    let user = this.#users.get(key);
    if (!user) {
      user = this.#ask(assignee);
      this.#users.set(key, user);
      user.catch(() => this.#users.delete(key));
    }
    return user;
  }

  async #ask(assignee: string): Promise<DatadogUser> {
    const task = this.#progress?.start("owners", "looked up", 1, "user");
    try {
      const user = await findUser(this.#api, assignee, this.#signal);
      this.#known?.note(user);
      task?.advance();
      return user;
    } finally {
      task?.finish();
    }
  }
}
