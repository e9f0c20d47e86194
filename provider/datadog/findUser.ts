import { UserLookupError } from "./errors/userLookupError";
import type { DatadogUser, FindingsApi } from "./model/findingsApi";
import { plainText } from "./model/plainText";
import { nearUsers } from "./nearUsers";

/**
 * The user whose e-mail or handle is `name`, ignoring case. Datadog's filter also finds parts of names, so
 * the match is made here. Source: https://docs.datadoghq.com/api/latest/users/#list-all-users
 * @throws UserLookupError where no user, only a disabled one, or more than one has that name
 */
export async function findUser(
  api: Pick<FindingsApi, "listUsers">,
  name: string,
  signal?: AbortSignal,
): Promise<DatadogUser> {
  const candidates = await api.listUsers(name, signal);
  const matching = candidates.filter((user) => hasName(user, name));
  const active = matching.filter((user) => !user.disabled);
  const [only, ...others] = active;
  if (only && others.length === 0) return only;
  if (only) throw new UserLookupError("ambiguous", name, active.map(describeAccount));
  const problem = matching.length > 0 ? "disabled" : "unknown";
  const near = await nearUsers(api, name, candidates, signal);
  throw new UserLookupError(
    problem,
    name,
    near,
    matching.map(({ id }) => id),
  );
}

/** `Ada Moreau (person, UUID)`: a person and a service account may share an e-mail. */
function describeAccount({ id, name, serviceAccount }: DatadogUser): string {
  const kind = serviceAccount ? "service account" : "person";
  return `${name ? plainText(name) : "no name"} (${kind}, ${plainText(id)})`;
}

function hasName(user: DatadogUser, name: string): boolean {
  const wanted = name.toLowerCase();
  return user.email?.toLowerCase() === wanted || user.handle?.toLowerCase() === wanted;
}
