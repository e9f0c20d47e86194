import { distance } from "fastest-levenshtein";
import type { DatadogUser, FindingsApi } from "./model/findingsApi";
import { plainText } from "./model/plainText";

const MOST_NEAR_USERS = 3;

/**
 * Up to three active users who may be meant by a name that is nobody's, the nearest first. A typing error
 * leaves no substring match in Datadog's filter: the beginning of the name often finds the right user. Two
 * requests at most.
 * @param candidates what the name itself has found already
 */
export async function nearUsers(
  api: Pick<FindingsApi, "listUsers">,
  name: string,
  candidates: readonly DatadogUser[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  let near = nearest(name, candidates);
  for (const length of [3, 2]) {
    if (near.length === 0 && name.length > length) {
      near = nearest(name, await api.listUsers(name.slice(0, length), signal));
    }
  }
  return near;
}

/** How to declare a user, as it may be shown. */
function addressOf(user: DatadogUser): string {
  return plainText(user.email ?? user.handle ?? user.id);
}

function nearest(name: string, users: readonly DatadogUser[]): string[] {
  return users
    .filter((user) => !user.disabled)
    .map((user) => ({ address: addressOf(user), away: nearestOf(name, user) }))
    .filter(({ away }) => away !== undefined)
    .sort((one, other) => (one.away ?? 0) - (other.away ?? 0))
    .slice(0, MOST_NEAR_USERS)
    .map(({ address }) => address);
}

function nearestOf(name: string, { email, handle }: DatadogUser): number | undefined {
  const all = [email, handle].flatMap((address) => (address ? [away(name, address)] : []));
  const near = all.filter((each) => each !== undefined);
  return near.length > 0 ? Math.min(...near) : undefined;
}

/**
 * How far an address is from a name: people are told apart by what stands before the @, and all of a company
 * share the rest. undefined: too far for anybody to have meant it.
 */
function away(name: string, address: string): number | undefined {
  const [local, domain] = partsOf(name);
  const [otherLocal, otherDomain] = partsOf(address);
  const letters = distance(local, otherLocal);
  const isPart = local.length >= 3 && otherLocal.includes(local);
  if (!isPart && letters > Math.max(1, local.length / 3)) return undefined;
  // Any difference before the @ weighs more than all of the differences behind it.
  return letters * 1_000 + (domain && otherDomain ? distance(domain, otherDomain) : 0);
}

function partsOf(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf("@");
  const lower = address.toLowerCase();
  return at < 0 ? [lower, ""] : [lower.slice(0, at), lower.slice(at + 1)];
}
