import * as pulumi from "@pulumi/pulumi";
import { afterDependencies } from "./afterDependencies";
import { asRunError } from "./asRunError";
import type { Team } from "./teamUsers";

export interface GetTeamArgs {
  /** The handle of a Datadog team; compared ignoring case. */
  readonly handle: string;
}

/**
 * The team with a handle, and its active members. Needs the permission `teams_read`. Two requests, and one
 * for each further 100 members.
 *
 * @param _opts what every function of a Pulumi SDK takes; nothing of it applies, as the program itself asks
 * Datadog
 * @throws pulumi.RunError where no team has the handle (the nearest one is named)
 * @see https://docs.datadoghq.com/api/latest/teams/
 */
export function getTeam({ handle }: GetTeamArgs, _opts?: pulumi.InvokeOptions): Promise<Team> {
  // Loaded when needed: most programs only declare, and their process needs neither HTTP client nor schemas.
  const { findTeamMembers }: typeof import("./findTeamUsers") = require("./findTeamUsers");
  const { programApi }: typeof import("./programApi") = require("./programApi");
  return asRunError((async () => findTeamMembers(programApi(), handle))());
}

export interface GetTeamOutputArgs {
  /** As in {@link GetTeamArgs}. */
  readonly handle: pulumi.Input<string>;
}

/**
 * `getTeam` for a handle that is an output.
 *
 * @param opts of which `dependsOn` applies: Datadog is asked after these resources have been deployed
 */
export function getTeamOutput(
  args: GetTeamOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Team> {
  return afterDependencies(pulumi.output(args), opts).apply((known) => getTeam(known));
}
