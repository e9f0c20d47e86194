import * as pulumi from "@pulumi/pulumi";
import type { DatadogUser } from "../datadog/findingsApi";
import { findUser } from "../datadog/findUser";
import { asRunError } from "./asRunError";
import { programApi } from "./programApi";

export interface GetUserArgs {
  /** A user's e-mail; compared ignoring case. */
  readonly email: string;
}

/**
 * The one active user with an e-mail. Needs the permission `user_access_read`.
 *
 * @throws pulumi.RunError where the e-mail is unknown (near matches are listed), ambiguous, or its user disabled
 * @see https://docs.datadoghq.com/api/latest/users/#list-all-users
 */
export function getUser({ email }: GetUserArgs): Promise<DatadogUser> {
  return asRunError((async () => findUser(programApi(), email))());
}

/** `getUser` for an e-mail that is an output. */
export function getUserOutput(args: { readonly email: pulumi.Input<string> }): pulumi.Output<DatadogUser> {
  return pulumi.output(args.email).apply((email) => getUser({ email }));
}
