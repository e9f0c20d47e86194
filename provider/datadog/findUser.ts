import { distance } from "fastest-levenshtein";
import { UserLookupError } from "./errors/userLookupError";
import type { DatadogUser, FindingsApi } from "./findingsApi";

/**
 * The user whose e-mail or handle is `name`, ignoring case. Datadog's filter also finds parts of names, so the match is
 * made here. Source: https://docs.datadoghq.com/api/latest/users/#list-all-users
 * @throws UserLookupError where no user, only a disabled one, or more than one has that name
 */
export async function findUser(api: FindingsApi, name: string, signal?: AbortSignal): Promise<DatadogUser> {
  const candidates = await api.listUsers(name, signal);
  const matching = candidates.filter((user) => hasName(user, name));
  const active = matching.filter((user) => !user.disabled);
  const [only, ...others] = active;
  if (only && others.length === 0) return only;
  if (only)
    throw new UserLookupError(
      "ambiguous",
      name,
      active.map((user) => `${describe(user)} = ${user.id}`),
    );
  if (matching.length > 0) throw new UserLookupError("disabled", name, []);
  throw new UserLookupError("unknown", name, await nearMatches(api, name, candidates, signal));
}

function hasName(user: DatadogUser, name: string): boolean {
  const wanted = name.toLowerCase();
  return user.email?.toLowerCase() === wanted || user.handle?.toLowerCase() === wanted;
}

/** A typing error leaves no substring match: the beginning of the name often finds the right user. */
async function nearMatches(
  api: FindingsApi,
  name: string,
  candidates: readonly DatadogUser[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  let near = candidates;
  for (const length of [3, 2]) {
    if (near.length === 0) near = await api.listUsers(name.slice(0, length), signal);
  }
  return near
    .filter((user) => !user.disabled)
    .map(describe)
    .filter((candidate) => distance(name, candidate) <= name.length / 2)
    .sort((one, other) => distance(name, one) - distance(name, other))
    .slice(0, 3);
}

function describe(user: DatadogUser): string {
  return user.email ?? user.handle ?? user.id;
}
