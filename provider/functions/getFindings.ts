import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../datadog/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { asRunError } from "./asRunError";
import { programApi } from "./programApi";

export interface GetFindingsArgs {
  /**
   * In Datadog's search syntax: `@severity:(critical OR high) @status:open team:platform`. Attributes of findings take an `@`,
   * tags do not; juxtaposition is AND.
   */
  readonly query: string;
  /** The most findings that the query may match: more is an error that says how many were found. Default 10,000. */
  readonly limit?: number;
  /** `-@detection_changed_at` (newest first) or `@detection_changed_at`; default as Datadog orders them. */
  readonly sort?: "@detection_changed_at" | "-@detection_changed_at";
}

/**
 * All findings that match a query: one request per 100. For reports, policies, and as input of resources.
 * Needs the permission `security_monitoring_findings_read` or `appsec_vm_read`.
 *
 * @throws pulumi.RunError if the query matches more than `limit` findings
 * @see https://docs.datadoghq.com/api/latest/security-monitoring/
 */
export function getFindings(args: GetFindingsArgs): Promise<Finding[]> {
  return asRunError(findAll(args));
}

async function findAll({ query, limit = 10_000, sort }: GetFindingsArgs): Promise<Finding[]> {
  const { findings, more } = await searchAll(programApi(), { query, atMost: limit, ...(sort && { sort }) });
  if (more) {
    throw new Error(
      `the query ${JSON.stringify(query)} matches more than ${limit.toLocaleString("en-US")} findings: ` +
        "narrow it, or raise `limit` if that is what you want",
    );
  }
  return [...findings];
}

/** `getFindings` for arguments that are outputs. */
export function getFindingsOutput(args: GetFindingsOutputArgs): pulumi.Output<Finding[]> {
  return pulumi
    .all([args.query, args.limit, args.sort])
    .apply(([query, limit, sort]) =>
      getFindings({ query, ...(limit !== undefined && { limit }), ...(sort !== undefined && { sort }) }),
    );
}

export interface GetFindingsOutputArgs {
  readonly query: pulumi.Input<string>;
  readonly limit?: pulumi.Input<number>;
  readonly sort?: pulumi.Input<"@detection_changed_at" | "-@detection_changed_at">;
}
