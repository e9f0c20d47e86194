import * as pulumi from "@pulumi/pulumi";
import type { DatadogUser } from "../datadog/model/findingsApi";
import { afterDependencies } from "./afterDependencies";
import { asRunError } from "./asRunError";

export interface GetUserArgs {
  /** A user's e-mail; compared ignoring case. */
  readonly email: string;
}

/**
 * The one active user with an e-mail. Needs the permission `user_access_read`.
 *
 * @param _opts what every function of a Pulumi SDK takes; nothing of it applies, as the program itself asks
 * Datadog
 * @throws pulumi.RunError where the e-mail is unknown (near matches are listed), ambiguous, or its user
 * disabled
 * @see https://docs.datadoghq.com/api/latest/users/#list-all-users
 */
export function getUser({ email }: GetUserArgs, _opts?: pulumi.InvokeOptions): Promise<DatadogUser> {
  // Loaded when needed: most programs only declare, and their process needs neither HTTP client nor schemas.
  const { findUser }: typeof import("../datadog/findUser") = require("../datadog/findUser");
  const { programApi }: typeof import("./programApi") = require("./programApi");
  return asRunError((async () => findUser(programApi(), email))());
}

export interface GetUserOutputArgs {
  /** As in {@link GetUserArgs}. */
  readonly email: pulumi.Input<string>;
}

/**
 * `getUser` for an e-mail that is an output.
 *
 * @param opts of which `dependsOn` applies: Datadog is asked after these resources have been deployed
 */
export function getUserOutput(
  args: GetUserOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<DatadogUser> {
  return afterDependencies(pulumi.output(args), opts).apply((known) => getUser(known));
}
