import type { z } from "zod";
import type { DatadogUser } from "./model/findingsApi";
import type { includedUsers } from "./schemas";

/** `Disabled` of users, `deactivated` of On-Call. */
const INACTIVE: ReadonlySet<string> = new Set(["disabled", "deactivated"]);

/**
 * A user whom an answer only refers to, with what it includes of the users; of others nothing is known but
 * the id.
 */
export function includedUser(id: string, included: z.infer<typeof includedUsers>): DatadogUser {
  const { name, email, handle, disabled, status, service_account } = included.get(id) ?? {};
  return {
    id,
    name: name || null,
    email: email ?? null,
    handle: handle ?? null,
    disabled: disabled ?? INACTIVE.has(status?.toLowerCase() ?? ""),
    serviceAccount: service_account ?? false,
    organisationId: null,
  };
}
