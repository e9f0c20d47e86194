import { ApiError } from "../apiErrors";
import { type Answer, jsonAnswer } from "../exchange";
import type { EmulatedUser } from "../findingModel";
import { iconOf } from "../usersEndpoint";
import type { World } from "../world";
import { type PageParameters, pageOf } from "./pagination";
import type { EmulatedTeam } from "./teamModel";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface TeamListParameters extends PageParameters {
  /** `filter[keyword]`. */
  readonly keyword: string;
}

/** `GET /api/v2/team`: the keyword may be in the name, the handle, or the e-mail of a member. */
export function listTeams(world: World, parameters: TeamListParameters): Answer {
  const wanted = parameters.keyword.toLowerCase();
  const matching = [...world.teams.values()].filter((team) => {
    const emails = membersOf(world, team).map(({ email }) => email);
    return [team.name, team.handle, ...emails].some((text) => text.toLowerCase().includes(wanted));
  });
  const { items, meta, links } = pageOf(matching, parameters);
  const data = items.map((team) => teamDocument(world, team));
  return jsonAnswer(200, { data, meta, links }, { contentType: "plain" });
}

/** `GET /api/v2/team/{team_id}`. */
export function getTeam(world: World, teamId: string): Answer {
  return jsonAnswer(200, { data: teamDocument(world, teamOf(world, teamId)) }, { contentType: "plain" });
}

/** `GET /api/v2/team/{team_id}/memberships`: the keyword may be in a member's name or e-mail. */
export function listMemberships(world: World, teamId: string, parameters: TeamListParameters): Answer {
  const team = teamOf(world, teamId);
  const wanted = parameters.keyword.toLowerCase();
  const matching = membersOf(world, team).filter(({ name, email }) =>
    [name ?? "", email].some((text) => text.toLowerCase().includes(wanted)),
  );
  const { items, meta, links } = pageOf(matching, parameters);
  const data = items.map((user) => membershipDocument(team, user));
  const included = items.length > 0 ? { included: items.map(memberDocument) } : {};
  return jsonAnswer(200, { data, ...included, meta, links }, { contentType: "plain" });
}

/** @throws ApiError 404, worded as recorded for what is no UUID */
export function teamOf(world: World, teamId: string): EmulatedTeam {
  const team = world.teams.get(teamId);
  if (team !== undefined) return team;
  throw new ApiError(404, `${teamId}${UUID.test(teamId) ? "" : " is not a valid UUID"} not found`);
}

function membersOf(world: World, team: EmulatedTeam): EmulatedUser[] {
  return team.memberIds.map((id) => world.users.get(id)).filter((user) => user !== undefined);
}

function teamDocument(world: World, team: EmulatedTeam) {
  const { id, handle, name } = team;
  return {
    type: "team",
    id,
    attributes: {
      handle,
      name,
      description: null,
      summary: null,
      user_count: membersOf(world, team).length,
      link_count: 0,
      created_at: "2024-05-12T09:53:43.305109+00:00",
      modified_at: "2024-05-12T09:53:43.351606+00:00",
    },
    relationships: {
      team_links: { links: { related: `/api/v2/team/${id}/links` } },
      user_team_permissions: { links: { related: `/api/v2/team/${id}/permission-settings` } },
    },
  };
}

function membershipDocument(team: EmulatedTeam, user: EmulatedUser) {
  return {
    type: "team_memberships",
    id: `TeamMembership-${team.id}-${team.memberIds.indexOf(user.id) + 1}`,
    attributes: { role: null, provisioned_by: null, provisioned_by_id: user.id },
    relationships: { user: { data: { type: "users", id: user.id } } },
  };
}

function memberDocument({ id, name, handle, email, disabled, serviceAccount = false }: EmulatedUser) {
  const icon = iconOf(email);
  return {
    type: "users",
    id,
    attributes: { name, handle, email, icon, disabled, service_account: serviceAccount },
  };
}
