import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../datadog/model/findingsApi";
import { afterDependencies } from "./afterDependencies";
import { asRunError } from "./asRunError";

export interface GetFindingsArgs {
  /**
   * In Datadog's search syntax: `@severity:(critical OR high) team:platform`. Attributes of findings take an
   * `@`, tags do not; juxtaposition is AND. `*` matches everything.
   */
  readonly query: string;
  /**
   * The most findings that the query may match: a whole number, 0 or more; default 10,000. More is an error
   * that says how many were found. Datadog gives no total, so they are counted on, up to 1,000 beyond the
   * limit (10 requests more); from there on it says "more than".
   */
  readonly limit?: number | undefined;
  /** `-@detection_changed_at` (newest first) or `@detection_changed_at`; default as Datadog orders them. */
  readonly sort?: "@detection_changed_at" | "-@detection_changed_at" | undefined;
}

/**
 * All findings that match a query: one request per 100. For reports, policies, and as input of resources.
 * Needs the permission `security_monitoring_findings_read` or `appsec_vm_read`.
 *
 * @param _opts what every function of a Pulumi SDK takes; nothing of it applies, as the program itself asks
 * Datadog
 * @throws pulumi.RunError if the query matches more than `limit` findings, or an argument is wrong: never
 * less than all
 * @see https://docs.datadoghq.com/api/latest/security-monitoring/
 */
export function getFindings(args: GetFindingsArgs, _opts?: pulumi.InvokeOptions): Promise<Finding[]> {
  // Loaded when needed: most programs only declare, and their process needs neither HTTP client nor schemas.
  const search: typeof import("./findFindings") = require("./findFindings");
  const { programApi }: typeof import("./programApi") = require("./programApi");
  return asRunError(search.findFindings(programApi, args));
}

export interface GetFindingsOutputArgs {
  /** As in {@link GetFindingsArgs}. */
  readonly query: pulumi.Input<string>;
  readonly limit?: pulumi.Input<number | undefined> | undefined;
  readonly sort?: pulumi.Input<GetFindingsArgs["sort"]>;
}

/**
 * `getFindings` for arguments that are outputs.
 *
 * @param opts of which `dependsOn` applies: Datadog is asked after these resources have been deployed
 */
export function getFindingsOutput(
  args: GetFindingsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Finding[]> {
  return afterDependencies(pulumi.output(args), opts).apply((known) => getFindings(known));
}
