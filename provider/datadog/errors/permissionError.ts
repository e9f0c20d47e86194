import type { EndpointFamily, HttpRequest } from "../model/transport";
import { ApiError, type ApiProblem } from "./apiError";

/** The permissions of the application key's owner that an endpoint needs, any one of them. */
const permissions: Record<EndpointFamily, readonly string[]> = {
  assignee: ["security_monitoring_findings_write", "appsec_vm_write"],
  search: ["security_monitoring_findings_read", "appsec_vm_read"],
  users: ["user_access_read"],
  teams: ["teams_read"],
  onCall: ["on_call_read"],
};

const CHECK_KEYS = "check that both keys are valid and belong to this site";

/** The title of a refusal that is a web page, as Datadog's API never answers. */
export const GATEWAY_REFUSAL = "Refused by a proxy or gateway";

/**
 * The keys are wrong (401), or may not do what was asked (403); or a proxy or gateway refuses what is for
 * Datadog.
 */
export class PermissionError extends ApiError {
  override readonly name = "PermissionError";
  readonly permissions: readonly string[];

  constructor(status: number, problems: readonly ApiProblem[], request: HttpRequest) {
    const needed = permissions[request.family];
    const isGateway = problems[0]?.title === GATEWAY_REFUSAL;
    const permission = `the application key needs the permission ${needed.join(" or ")}; if it has that already, ${CHECK_KEYS}`;
    super(status, problems, request, status === 401 ? CHECK_KEYS : permission);
    this.permissions = needed;
    if (isGateway) this.message = gatewayMessage(status, problems[0]?.detail ?? "", request);
  }
}

function gatewayMessage(status: number, page: string, { method, path }: HttpRequest): string {
  const said = page === "" ? "" : ` that says ${JSON.stringify(page)}`;
  return (
    `a proxy or gateway answered ${method} ${path.split("?")[0]} with ${status} and a web page${said}: ` +
    "have it allow the host of Datadog's API, which never answers with a web page"
  );
}
