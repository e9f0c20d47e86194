import type { DatadogUser } from "../datadog/model/findingsApi";
import { plainText } from "../datadog/model/plainText";
import { userLabel } from "../datadog/model/userLabel";

type Known = Pick<DatadogUser, "name" | "email" | "handle"> & { readonly disabled?: boolean };

/** A user under all names that are known. */
export type NamedUser = Pick<DatadogUser, "id"> & Partial<Pick<DatadogUser, "name" | "email" | "handle">>;

/** The users whom Datadog has told this process of, so that messages name everybody in one form. */
export class KnownUsers {
  readonly #users = new Map<string, Known>();
  readonly #onUser: (user: NamedUser) => void;

  /** @param onUser is told of each user before a message names them */
  constructor(onUser: (user: NamedUser) => void = () => {}) {
    this.#onUser = onUser;
  }

  note(user: DatadogUser): void {
    const { id, ...known } = user;
    this.#users.set(id, known);
    this.#onUser(user);
  }

  /** `Ada Moreau <ada@example.com>`, or as much of it as is known: at least the UUID. */
  label({ id, name }: { readonly id: string; readonly name?: string | null }): string {
    const user = this.#users.get(id);
    const named = { ...user, id, name: user?.name || name || null };
    this.#onUser(named);
    return userLabel(named);
  }

  /** Name and e-mail, each as far as it is known. */
  identify({ id, name }: { readonly id: string; readonly name?: string | null }): {
    readonly id: string;
    readonly name?: string;
    readonly email?: string;
  } {
    const user = this.#users.get(id);
    const known = user?.name || name;
    const email = user?.email;
    return { id, ...(known && { name: plainText(known) }), ...(email && { email: plainText(email) }) };
  }

  has(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** Whether a user is known to be disabled. */
  isDisabled(userId: string): boolean {
    return this.#users.get(userId)?.disabled === true;
  }
}
