import {
  ApiError,
  ConnectionError,
  GATEWAY_REFUSAL,
  MissingCredentialsError,
  OnCallUnavailableError,
  PermissionError,
  problemOf,
  TeamLookupError,
  UnexpectedAnswerError,
  UnfinishedSearchError,
  UserLookupError,
} from "../../provider/datadog/errors";
import { Credentials } from "../../provider/datadog/http/credentials";
import { responseError } from "../../provider/datadog/http/responseError";
import { readSettings } from "../../provider/datadog/http/settings";
import type { FindingProblem } from "../../provider/datadog/model/findingsApi";
import type { HttpRequest } from "../../provider/datadog/model/transport";
import {
  DECLARED_TWICE,
  RULE_OWNER,
  SHARED_TICKET,
  TOO_MANY_CHANGES,
  TOO_MANY_FOR_OWNER,
  UNPROVEN_ORGANISATION,
} from "../../provider/messages/advise";
import { describeProgress } from "../../provider/messages/describeProgress";
import { explainFailures } from "../../provider/messages/messages";
import { findingsPolicies, maxAssignmentSize } from "../../provider/policy";
import { OtherHostError, OtherOrganisationError } from "../../provider/session/datadogAccount";

/** What the provider says in one situation. */
export interface Message {
  readonly situation: string;
  readonly lines: readonly string[];
}

const PATCH: HttpRequest = {
  method: "PATCH",
  path: "/api/v2/security/findings/assignee",
  family: "assignee",
};
const SEARCH: HttpRequest = {
  method: "POST",
  path: "/api/v2/security/findings/search",
  family: "search",
};
const ids = Array.from({ length: 130 }, (_, index) => `finding-${index + 1}`);

/** Every kind of error of a request, and what a failure, a wrong setting and slow work say. */
export const catalogue: readonly Message[] = [
  said("no keys", new MissingCredentialsError(["apiKey", "appKey"])),
  said("no application key", new MissingCredentialsError(["appKey"])),
  said("401 of an assignment", new PermissionError(401, [{ title: "Unauthorized", detail: "" }], PATCH)),
  said("403 of an assignment", new PermissionError(403, [{ title: "Forbidden", detail: "" }], PATCH)),
  said("403 of a search", new PermissionError(403, [{ title: "Forbidden", detail: "" }], SEARCH)),
  said(
    "403 with a web page",
    responseError({ status: 403, headers: {}, body: "<html><h1>Blocked</h1></html>" }, PATCH),
  ),
  said("409", new ApiError(409, [{ title: "Conflict", detail: "locked" }], PATCH)),
  ...["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "CANCELLED", "PROXY_407", "PROXY_403"].map(
    (code) => said(`no answer: ${code}`, new ConnectionError(code, PATCH, "https://api.datadoghq.eu")),
  ),
  said(
    "the certificate is not trusted",
    new ConnectionError("SELF_SIGNED_CERT_IN_CHAIN", PATCH, "https://api.datadoghq.eu"),
  ),
  said(
    "an answer of another shape",
    new UnexpectedAnswerError(200, SEARCH, "data: a list is needed", false, "<html>"),
  ),
  said("a search that was broken off", new UnfinishedSearchError("timeout", SEARCH)),
  said("an unknown owner", new UserLookupError("unknown", "ada@example.com", ["ada.moreau@example.com"])),
  said("an unknown owner, nobody near", new UserLookupError("unknown", "ada@example.com", [])),
  said("an owner who has left", new UserLookupError("disabled", "ada@example.com", [])),
  said(
    "two owners of one e-mail",
    new UserLookupError("ambiguous", "ada@example.com", [
      "Ada Moreau (person, UUID-1)",
      "Ada Moreau (service account, UUID-2)",
    ]),
  ),
  said("an unknown team", new TeamLookupError("payment", ["payments"])),
  said("on-call on a gov site", new OnCallUnavailableError("api.ddog-gov.com")),
  ...settings("datadog:site", ["us5", "eu", "gov", "datadoghq.de", "https://app.datadoghq.eu"]),
  ...settings("datadog:apiUrl", [
    "https://api.datadoghq.eu/api/v2",
    "http://api.datadoghq.eu",
    "datadoghq.eu",
  ]),
  ...settings("datadog:httpClientRetryMaxRetries", ["many"]),
  said(
    "keys of another organisation",
    new OtherOrganisationError(
      "payments",
      "organisation 1 at api.datadoghq.eu",
      "organisation 2 at api.datadoghq.eu",
    ),
  ),
  said(
    "another host, which does not answer",
    new OtherHostError(
      "payments",
      "organisation 1 at api.datadoghq.eu",
      { host: "api.datadoghq.com", setting: "DD_SITE" },
      new ConnectionError("ENOTFOUND", PATCH, "https://api.datadoghq.com", "DD_SITE"),
    ),
  ),
  thrown("a key with a space in it", () =>
    new Credentials({ name: "DD_API_KEY", value: "a b" }, { name: "DD_APP_KEY", value: "c" }).headers(),
  ),
  thrown("a policy of an unknown name", () => findingsPolicies(asWritten({ alowedOwners: false }))),
  thrown("a setting of a policy that cannot be used", () => maxAssignmentSize({ max: 0 })),
  failure("130 findings, a user whom nobody knows", 130, {
    status: 404,
    title: "Not Found",
    detail: "Datadog knows no user 9919ec9b-ebc7-49ee-8dc8-03626e717cca",
  }),
  failure("1 finding that does not exist", 1, {
    status: 404,
    title: "Not Found",
    detail: "finding not found",
  }),
  failure(
    "2 findings of a destroy, keys that may be another organisation's",
    2,
    { status: 0, title: UNPROVEN_ORGANISATION.title, detail: UNPROVEN_ORGANISATION.detail },
    true,
  ),
  failure("2 findings, refused key", 2, { status: 401, title: "Unauthorized", detail: "" }),
  failure("2 findings, no permission", 2, { status: 403, title: "Forbidden", detail: "" }),
  failure("2 findings, a web page in place of an answer", 2, {
    status: 403,
    title: GATEWAY_REFUSAL,
    detail: "Blocked",
  }),
  failure("3 findings, locked", 3, { status: 409, title: "Conflict", detail: "locked" }),
  failure("3 findings, the endpoint refuses them as such", 3, {
    status: 400,
    title: "Bad Request",
    detail: "no such type",
  }),
  failure("1 finding, declared twice", 1, {
    status: 0,
    title: DECLARED_TWICE,
    detail: "another resource gave it to another user",
  }),
  failure("2 findings of a rule without an owner", 2, {
    status: 0,
    title: RULE_OWNER,
    detail: 'nobody is on call for the team "night"',
  }),
  failure("2 findings, more than maxChanges", 2, {
    status: 0,
    title: TOO_MANY_CHANGES,
    detail: "maxChanges is 1",
  }),
  failure("2 findings, more than maxChangesPerOwner", 2, {
    status: 0,
    title: TOO_MANY_FOR_OWNER,
    detail: "maxChangesPerOwner is 1",
  }),
  failure("2 findings of one ticket", 2, { status: 0, title: SHARED_TICKET, detail: "both follow PROJ-1" }),
  failure("130 findings without keys", 130, problemOf(new MissingCredentialsError(["apiKey"]))),
  failure("a destroy that Datadog does not allow", 2, { status: 403, title: "Forbidden", detail: "" }, true),
  progress("slow work", 4_200, 10_000, 0),
  progress("work that the rate limit holds back", 4_200, 10_000, 12_000),
];

/** What `npm run messages` prints, and the snapshot holds. */
export function renderCatalogue(messages: readonly Message[] = catalogue): string {
  return messages.map(({ situation, lines }) => [`## ${situation}`, "", ...lines, ""].join("\n")).join("\n");
}

function said(situation: string, error: Error): Message {
  return { situation, lines: [error.message] };
}

/** What JavaScript lets a user write. */
function asWritten(options: object): object {
  return options;
}

function thrown(situation: string, work: () => unknown): Message {
  try {
    work();
  } catch (error) {
    return said(situation, error instanceof Error ? error : new Error(String(error)));
  }
  throw new Error(`${situation}: nothing is said`);
}

function settings(name: string, values: readonly string[]): Message[] {
  return values.map((value) => {
    try {
      readSettings({ get: (key) => (key === name ? value : undefined) }, {});
    } catch (error) {
      return said(`${name} is ${value}`, error instanceof Error ? error : new Error(String(error)));
    }
    throw new Error(`${name} takes ${value}`);
  });
}

function failure(
  situation: string,
  count: number,
  problem: Omit<FindingProblem, "findingId">,
  deleting = false,
): Message {
  const failures = ids.slice(0, count).map((findingId) => ({ findingId, ...problem }));
  const wanted = deleting ? "unassigned" : "assigned to ada@example.com";
  return { situation, lines: explainFailures({ failures, wanted, succeeded: 0, total: 130, deleting }) };
}

function progress(situation: string, done: number, total: number, rateLimitMs: number): Message {
  const work = { verb: "assigned", unit: "finding", labels: new Set(["payments"]), running: 1, done, total };
  return { situation, lines: [describeProgress([work], { rateLimitMs }) ?? ""] };
}
