import type { HeaderMap } from "./exchange";

/**
 * `write` is security_monitoring_findings_write, `read` ..._read, `users` user_access_read, `teams`
 * teams_read, `onCall` on_call_read.
 */
export type Permission = "write" | "read" | "users" | "teams" | "onCall";

export interface EmulatedKey {
  readonly apiKey: string;
  readonly appKey: string;
  /** Default: all. */
  readonly permissions?: readonly Permission[];
  /** UUID of the user who shows as `updated_by`. */
  readonly userId?: string;
}

/** The keys of an emulator that is given none. Shaped like Datadog's, so that scans for leaks find them. */
export const EMULATOR_API_KEY = "e1a7c0ffee5eed00112233445566aa01";
export const EMULATOR_APP_KEY = "a11ce0ffee5eed00112233445566778899aabb02";
/** Who assigns through the API, where the key names nobody. */
export const EMULATOR_CALLER_ID = "5e41ce00-0000-4000-8000-00000000a001";

export class Keyring {
  constructor(private keys: readonly EmulatedKey[]) {}

  /** Whether there is this pair of keys, whatever its permissions. */
  knows(headers: HeaderMap): boolean {
    return this.keyOf(headers) !== undefined;
  }

  replace(keys: readonly EmulatedKey[]): void {
    this.keys = keys;
  }

  /** From now on, the keys of an emulator that is given none, with these permissions alone. */
  permit(...permissions: readonly Permission[]): void {
    this.replace([{ apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY, permissions }]);
  }

  /** The caller with this permission, or undefined: forbidden. */
  authorise(headers: HeaderMap, permission: Permission): { readonly callerId: string } | undefined {
    const key = this.keyOf(headers);
    if (key === undefined) return undefined;
    if (key.permissions !== undefined && !key.permissions.includes(permission)) return undefined;
    return { callerId: key.userId ?? EMULATOR_CALLER_ID };
  }

  private keyOf(headers: HeaderMap): EmulatedKey | undefined {
    return this.keys.find(
      ({ apiKey, appKey }) => apiKey === headers["dd-api-key"] && appKey === headers["dd-application-key"],
    );
  }
}
