import * as pulumi from "@pulumi/pulumi";
import { afterDependencies } from "./afterDependencies";
import { asRunError } from "./asRunError";
import type { OnCall } from "./teamUsers";

export interface GetOnCallArgs {
  /** The handle of a Datadog team; compared ignoring case. */
  readonly team: string;
}

/**
 * Who is on call for a team now, without those of later escalations. Needs the permissions `teams_read` and
 * `on_call_read`. Two requests.
 *
 *     const { users } = getOnCallOutput({ team: "payments" });
 *     new FindingsAssignment("urgent", { findingIds, assignee: users[0].id });
 *
 * @param _opts what every function of a Pulumi SDK takes; nothing of it applies, as the program itself asks
 * Datadog
 * @throws pulumi.RunError where no team has the handle (the nearest one is named), where nobody is on call,
 * and on the gov sites, which have no On-Call
 * @see https://docs.datadoghq.com/api/latest/on-call/#get-team-on-call-users
 */
export function getOnCall({ team }: GetOnCallArgs, _opts?: pulumi.InvokeOptions): Promise<OnCall> {
  // Loaded when needed: most programs only declare, and their process needs neither HTTP client nor schemas.
  const { findOnCall }: typeof import("./findTeamUsers") = require("./findTeamUsers");
  const { programApi }: typeof import("./programApi") = require("./programApi");
  return asRunError((async () => findOnCall(programApi(), team))());
}

export interface GetOnCallOutputArgs {
  /** As in {@link GetOnCallArgs}. */
  readonly team: pulumi.Input<string>;
}

/**
 * `getOnCall` for a team that is an output.
 *
 * @param opts of which `dependsOn` applies: Datadog is asked after these resources have been deployed
 */
export function getOnCallOutput(
  args: GetOnCallOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<OnCall> {
  return afterDependencies(pulumi.output(args), opts).apply((known) => getOnCall(known));
}
