import type { DatadogUser } from "../datadog/model/findingsApi";
import { plainText } from "../datadog/model/plainText";
import { userLabel } from "../datadog/model/userLabel";

type Known = Pick<DatadogUser, "name" | "email" | "handle"> & { readonly disabled?: boolean };

/** The users whom Datadog has told this process of, so that messages name everybody in one form. */
export class KnownUsers {
  readonly #users = new Map<string, Known>();

  note({ id, ...user }: DatadogUser): void {
    this.#users.set(id, user);
  }

  /** `Ada Moreau <ada@example.com>`, or as much of it as is known: at least the UUID. */
  label({ id, name }: { readonly id: string; readonly name?: string | null }): string {
    const user = this.#users.get(id);
    return userLabel({ ...user, id, name: user?.name || name || null });
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
