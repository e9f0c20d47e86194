import { findTeam } from "../datadog/findTeam";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { OwnerDirectory } from "../session/ownerDirectory";
import type { OnCall, Team } from "./teamUsers";

/**
 * A team and its active members. Two requests, and one for each further 100 members.
 * @throws TeamLookupError
 */
export async function findTeamMembers(api: FindingsApi, handle: string): Promise<Team> {
  const team = await findTeam(api, handle);
  const { users } = await knowing(api, handle, team.id).members(handle.toLowerCase());
  return { ...team, members: users };
}

/**
 * Who is on call for a team. Two requests.
 * @throws TeamLookupError, or Error where nobody is on call
 */
export async function findOnCall(api: FindingsApi, handle: string): Promise<OnCall> {
  const team = await findTeam(api, handle);
  const { users, problem } = await knowing(api, handle, team.id).onCall(handle.toLowerCase());
  const [first, ...others] = users;
  if (!first) throw new Error(problem?.message ?? `nobody is on call for the team "${handle}"`);
  return { team, users: [first, ...others] };
}

function knowing(api: FindingsApi, handle: string, id: string): OwnerDirectory {
  const directory = new OwnerDirectory(api);
  directory.know({ [handle]: id });
  return directory;
}
