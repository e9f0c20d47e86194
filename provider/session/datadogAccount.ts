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
      `${label}: its findings belong to ${stored}, but the configured keys belong to ${configured}: nothing was sent; ` +
        "to stay with the former organisation, restore its datadog:site, datadog:apiUrl and keys; " +
        "to move to the other one, run pulumi destroy with the former configuration, then pulumi up with the new one; " +
        "to give up the resource and leave its findings as they are, run `pulumi state delete URN`",
    );
  }
}

interface ConfiguredHost {
  readonly host: string;
  readonly setting: string;
}

/** Another host than that of a state is configured, and does not say which organisation it serves. */
export class OtherHostError extends Error {
  override readonly name = "OtherHostError";

  /** @param setting which the host comes from */
  constructor(label: string, stored: string, { host, setting }: ConfiguredHost, cause: Error) {
    super(
      `${label}: its findings belong to ${stored}, but requests would go to ${host} (check ${setting}), which does not say whether ` +
        `it serves the same organisation: nothing was sent; set ${setting} back, or solve this problem: ${cause.message}`,
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
  readonly #host: ConfiguredHost;
  #organisationId: string | undefined;
  /** Why users could not be looked up. */
  #refusal: Error | undefined;
  /** Accounts of states that were found to be of the configured organisation: host and digest. */
  readonly #proven = new Set<string>();
  readonly #asked = new Map<string, Promise<boolean | undefined>>();

  /**
   * @param api whose answers about users tell the organisation
   * @param setting which the host comes from
   */
  constructor(api: FindingsApi, configured: DatadogAccount, setting: string) {
    this.#configured = configured;
    this.#host = { host: configured.host, setting };
    this.api = {
      ...api,
      listUsers: async (...args) => this.#noteAll(await api.listUsers(...args)),
      getUser: async (...args) => this.#note(await api.getUser(...args)),
      anyUser: async (...args) => this.#note(await api.anyUser(...args)),
    };
  }

  /** For the state of a new resource. */
  get known(): DatadogAccount {
    const organisationId = this.#organisationId;
    return { ...this.#configured, ...(organisationId !== undefined && { organisationId }) };
  }

  /**
   * For the state of a resource after an update: what it was, unless its findings are known to be those of
   * the configured organisation.
   */
  after(stored: DatadogAccount | undefined): DatadogAccount {
    if (!stored) return this.known;
    if (!this.#isProven(stored)) return stored;
    const { organisationId } = stored;
    return { ...(organisationId !== undefined && { organisationId }), ...this.known };
  }

  /** Datadog shows findings of this state, or has changed them. */
  confirm(stored: DatadogAccount | undefined): void {
    if (stored) this.#proven.add(keyOf(stored));
  }

  /**
   * Asks whether the findings of a state belong to the configured organisation.
   * @param ownerId a user of the state's organisation
   * @returns whether that is certain: keys of the same host that may not look up users do not tell
   * @throws OtherOrganisationError, and OtherHostError where another host than the state's gives no answer
   */
  async verify(
    label: string,
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (!stored || this.#isProven(stored)) return true;
    const { host } = this.#configured;
    const belongs = await this.#belongs(stored, ownerId, signal).catch((error: unknown) => {
      if (stored.host === host || !(error instanceof Error)) throw error;
      throw new OtherHostError(label, describe(stored), this.#host, error);
    });
    if (belongs === true) return true;
    if (belongs === undefined && stored.host === host) return false;
    if (belongs === undefined && this.#refusal)
      throw new OtherHostError(label, describe(stored), this.#host, this.#refusal);
    throw new OtherOrganisationError(label, describe(stored), describe(this.known));
  }

  /**
   * Asks whether the organisation knows the owner of findings at all. For the case that the search shows none
   * of them.
   * @returns whether it is certain that the organisation is that of the state
   * @throws OtherOrganisationError where it is another one
   */
  async verifyOwner(
    label: string,
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (stored?.keyDigest !== undefined && this.#isProven(stored)) return true;
    const belongs = await this.#belongs(stored, ownerId, signal);
    // Without a key in the state nothing contradicts the present one.
    if (belongs !== false) return belongs === true || stored?.keyDigest === undefined;
    const owner = `the organisation of user ${ownerId}`;
    throw new OtherOrganisationError(label, owner, `${describe(this.known)}, which knows no such user`);
  }

  #isProven(stored: DatadogAccount): boolean {
    return this.#isSame(stored) || this.#proven.has(keyOf(stored));
  }

  /** undefined: nobody says. Asked once for all resources, unless that fails. */
  #belongs(
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal: AbortSignal | undefined,
  ): Promise<boolean | undefined> {
    const key = JSON.stringify([stored && keyOf(stored), ownerId]);
    const asked = this.#asked.get(key) ?? this.#find(stored, ownerId, signal);
    this.#asked.set(key, asked);
    asked.catch(() => this.#asked.delete(key));
    return asked;
  }

  async #find(
    stored: DatadogAccount | undefined,
    ownerId: string,
    signal: AbortSignal | undefined,
  ): Promise<boolean | undefined> {
    const knowsOwner = await this.#ask(() => this.api.getUser(ownerId, signal));
    const before = stored?.organisationId;
    // Who has left may be unknown: any other user tells the organisation, too.
    if (knowsOwner === false && before !== undefined && this.#organisationId === undefined)
      await this.#ask(() => this.api.anyUser(signal));
    const now = this.#organisationId;
    const belongs = before !== undefined && now !== undefined ? before === now : knowsOwner;
    if (belongs) this.confirm(stored);
    return belongs;
  }

  #isSame({ host, keyDigest, organisationId }: DatadogAccount): boolean {
    const sameOrganisation =
      organisationId === undefined ||
      this.#organisationId === undefined ||
      organisationId === this.#organisationId;
    return sameOrganisation && host === this.#configured.host && keyDigest === this.#configured.keyDigest;
  }

  /** Whether there is such a user; undefined where that cannot be asked with these keys, or without any. */
  async #ask(find: () => Promise<DatadogUser | undefined>): Promise<boolean | undefined> {
    try {
      return (await find()) !== undefined;
    } catch (error) {
      if (error instanceof RequestError && !(error instanceof PermissionError)) throw error;
      if (error instanceof Error) this.#refusal = error;
      return undefined;
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

function keyOf({ host, keyDigest, organisationId }: DatadogAccount): string {
  return JSON.stringify([host, keyDigest, organisationId]);
}

function describe({ host, organisationId }: DatadogAccount): string {
  return organisationId === undefined
    ? `an organisation at ${host} whose id is not known`
    : `organisation ${organisationId} at ${host}`;
}
