import { PermissionError } from "../datadog/errors/permissionError";
import type { FindingsApi } from "../datadog/model/findingsApi";

export interface TeamsOfCodeOwners {
  /** `team:payments` by code owner, `@org/payments`: where Datadog has a team with this handle. */
  readonly owners: ReadonlyMap<string, string>;
  /** Why teams could not be asked for; undefined: they could. */
  readonly refusal: string | undefined;
}

/** So many code owners are asked for: a request each. */
const MOST_TEAMS = 200;

/**
 * Which code owners are teams in Datadog by the same handle, ignoring case. Persons, such as `@ada`, are not
 * asked for: their names say nothing of their e-mails.
 */
export async function findTeamsOfCodeOwners(
  api: Pick<FindingsApi, "listTeams">,
  codeOwners: readonly string[],
): Promise<TeamsOfCodeOwners> {
  const owners = new Map<string, string>();
  for (const codeOwner of codeOwners.filter((each) => handleOf(each) !== undefined).slice(0, MOST_TEAMS)) {
    const handle = handleOf(codeOwner)?.toLowerCase() ?? "";
    try {
      const teams = await api.listTeams(handle);
      if (teams.some((team) => team.handle.toLowerCase() === handle)) owners.set(codeOwner, `team:${handle}`);
    } catch (error) {
      if (error instanceof PermissionError) return { owners, refusal: error.message };
      throw error;
    }
  }
  return { owners, refusal: undefined };
}

/** `payments` of `@org/payments`. */
function handleOf(codeOwner: string): string | undefined {
  return /^@[^/\s]+\/([^/\s]+)$/.exec(codeOwner)?.[1];
}
