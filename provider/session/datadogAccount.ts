import { z } from "zod";
import { PermissionError } from "../datadog/errors/permissionError";
import { RequestError } from "../datadog/errors/requestError";
import type { DatadogSettings } from "../datadog/http/settings";
import type { DatadogUser, FindingsApi } from "../datadog/model/findingsApi";

/** Whose findings a state speaks of. */
export const storedAccount = z
  .object({
    host: z.string(),
    keyDigest: z.string().optional(),
    organisationId: z.string().optional(),
  })
  .optional()
  .catch(undefined);

export interface DatadogAccount {
  /** Of the API, with its port: `api.datadoghq.eu`. */
  readonly host: string;
  /** Tells whether the API key is still the same. The key cannot be derived from it. Absent without a key. */
  readonly keyDigest?: string | undefined;
  /** Absent as long as no user was looked up. Source: `relationships.org` of Datadog's users. */
  readonly organisationId?: string | undefined;
}

/** Host and key of the configured provider. */
export function accountOf({ baseUrl, credentials }: DatadogSettings): DatadogAccount {
  return { host: new URL(baseUrl).host, keyDigest: credentials.keyDigest };
}

/** The configured keys belong to another organisation than the findings of a state. */
export class OtherOrganisationError extends Error {
  override readonly name = "OtherOrganisationError";

  constructor(label: string, stored: string, configured: string) {
    super(
      `${label}: its findings belong to ${stored}, and the configured keys belong to ${configured}: nothing was sent; ` +
        "restore datadog:site, datadog:apiUrl and the keys of the former organisation; to move to the other one, " +
        "run pulumi destroy with the former configuration, and pulumi up with the new one; " +
        "`pulumi state delete` forgets the resource and leaves its findings as they are",
    );
  }
}

/** Another host than that of a state is configured, and does not say which organisation it serves. */
export class OtherHostError extends Error {
  override readonly name = "OtherHostError";

  constructor(label: string, stored: string, host: string, cause: Error) {
    super(
      `${label}: its findings belong to ${stored}, but ${host} is configured, and it does not say whether it serves ` +
        `the same organisation: nothing was sent; restore datadog:site or datadog:apiUrl, or repair this: ${cause.message}`,
      { cause },
    );
  }
}

/**
 * The organisation that the configured keys belong to, as far as it is known. A state of the same host and
 * API key needs no request; any other is compared by organisation, at the cost of one look-up for each owner
 * of such a state.
 */
export class ConfiguredAccount {
  readonly api: FindingsApi;
  readonly #configured: DatadogAccount;
  #organisationId: string | undefined;

  /** @param api whose answers about users tell the organisation */
  constructor(api: FindingsApi, configured: DatadogAccount) {
    this.#configured = configured;
    this.api = {
      ...api,
      listUsers: async (...args) => this.#noteAll(await api.listUsers(...args)),
      getUser: async (...args) => this.#note(await api.getUser(...args)),
    };
  }

  /** For the state. */
  get known(): DatadogAccount {
    const organisationId = this.#organisationId;
    return { ...this.#configured, ...(organisationId !== undefined && { organisationId }) };
  }

  /**
   * Asks whether the findings of a state belong to the configured organisation.
   * @param ownerId a user of the state's organisation
   * @throws OtherOrganisationError, and OtherHostError where another host than the state's gives no answer
   */
  async verify(
    label: string,
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal?: AbortSignal,
  ): Promise<void> {
    if (!stored || this.#isSame(stored)) return;
    const { host } = this.#configured;
    const knowsOwner = await this.#ask(ownerId, signal).catch((error: unknown) => {
      if (stored.host === host || !(error instanceof Error)) throw error;
      throw new OtherHostError(label, describe(stored), host, error);
    });
    const isOther =
      stored.organisationId !== undefined && this.#organisationId !== undefined
        ? stored.organisationId !== this.#organisationId
        : knowsOwner === false || (knowsOwner === undefined && stored.host !== host);
    if (isOther) throw new OtherOrganisationError(label, describe(stored), describe(this.known));
  }

  /**
   * Asks whether the organisation knows the owner of findings at all. For the case that the search shows none
   * of them.
   * @throws OtherOrganisationError where it does not, and the state does not prove that the organisation is
   * the same
   */
  async verifyOwner(
    label: string,
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal?: AbortSignal,
  ): Promise<void> {
    if (stored?.keyDigest !== undefined && this.#isSame(stored)) return;
    if ((await this.#ask(ownerId, signal)) !== false) return;
    const owner = `the organisation of user ${ownerId}`;
    throw new OtherOrganisationError(label, owner, `${describe(this.known)}, which knows no such user`);
  }

  #isSame({ host, keyDigest, organisationId }: DatadogAccount): boolean {
    const sameOrganisation =
      organisationId === undefined ||
      this.#organisationId === undefined ||
      organisationId === this.#organisationId;
    return sameOrganisation && host === this.#configured.host && keyDigest === this.#configured.keyDigest;
  }

  /**
   * Whether the configured organisation knows a user; undefined where that cannot be asked with these keys,
   * or without any.
   */
  async #ask(userId: string, signal: AbortSignal | undefined): Promise<boolean | undefined> {
    try {
      return (await this.api.getUser(userId, signal)) !== undefined;
    } catch (error) {
      if (error instanceof PermissionError || !(error instanceof RequestError)) return undefined;
      throw error;
    }
  }

  #noteAll(users: readonly DatadogUser[]): readonly DatadogUser[] {
    for (const user of users) this.#note(user);
    return users;
  }

  #note<User extends DatadogUser | undefined>(user: User): User {
    if (user?.organisationId) this.#organisationId = user.organisationId;
    return user;
  }
}

function describe({ host, organisationId }: DatadogAccount): string {
  return organisationId === undefined
    ? `an organisation at ${host} whose id is not known`
    : `organisation ${organisationId} at ${host}`;
}
