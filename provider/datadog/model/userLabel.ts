import type { DatadogUser } from "./findingsApi";
import { plainText } from "./plainText";

/** `Ada Moreau <ada@example.com>`, or as much of it as is known: at least the UUID. */
export function userLabel({
  id,
  name,
  email,
  handle,
}: Pick<DatadogUser, "id"> & Partial<Pick<DatadogUser, "name" | "email" | "handle">>): string {
  const address = email ?? handle ?? undefined;
  if (address === undefined) return name ? plainText(name) : id;
  return name && name !== address ? `${plainText(name)} <${plainText(address)}>` : plainText(address);
}
