import { nearest } from "../core/nearest";
import { TeamLookupError } from "./errors/teamLookupError";
import type { DatadogTeam, FindingsApi } from "./model/findingsApi";
import { plainText } from "./model/plainText";

/**
 * The team with a handle, ignoring case. Datadog's keyword also finds parts of names and handles, so the
 * match is made here.
 * @throws TeamLookupError with the nearest handle; two requests more, which look for it
 */
export async function findTeam(
  api: Pick<FindingsApi, "listTeams">,
  handle: string,
  signal?: AbortSignal,
): Promise<DatadogTeam> {
  const found = await api.listTeams(handle, signal);
  const team = found.find((each) => each.handle.toLowerCase() === handle.toLowerCase());
  if (team) return team;
  throw new TeamLookupError(handle, await nearHandles(api, handle, found, signal));
}

/** A typing error leaves no match of a part: the beginning of the handle often finds the right team. */
async function nearHandles(
  api: Pick<FindingsApi, "listTeams">,
  handle: string,
  found: readonly DatadogTeam[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  let teams = found;
  for (const length of [3, 2]) {
    const near = nearest(
      handle,
      teams.map((team) => team.handle),
    );
    if (near !== undefined) return [plainText(near)];
    if (handle.length > length) teams = await api.listTeams(handle.slice(0, length), signal);
  }
  const near = nearest(
    handle,
    teams.map((team) => team.handle),
  );
  return near === undefined ? [] : [plainText(near)];
}
