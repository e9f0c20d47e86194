import assert from "node:assert/strict";
import {
  ApiError,
  ConfigurationError,
  ConnectionError,
  MissingCredentialsError,
  problemOf,
  UnexpectedAnswerError,
} from "../../../provider/datadog/errors";
import { advise } from "../../../provider/messages/advise";
import { CANCELLED } from "../../../provider/session/session";

const request = { method: "PATCH", path: "/api/v2/security/findings/assignee" } as const;
const answer = (status: number, title: string, detail = "") => ({ findingId: "f", status, title, detail });
const failed = (error: Error) => ({ findingId: "f", ...problemOf(error) });

const AGAIN = /^run the same command again: it sends only what is left$/;
const KEYS = "check that both keys are valid and belong to this site (datadog:site)";
const REFUSED =
  /^check the ids and the assignee, then update pulumi-datadog-findings: .*; the same command again does not help/;

const table: readonly [string, Parameters<typeof advise>[0][number], RegExp][] = [
  ["a conflict", answer(409, "Conflict", "locked"), AGAIN],
  ["the rate limit", answer(429, "Too Many Requests"), AGAIN],
  ["a server in trouble", failed(new ApiError(503, [], request)), AGAIN],
  ["no answer", failed(new ConnectionError("ECONNRESET", request, "https://api.datadoghq.com")), AGAIN],
  ["a cancelled deployment", answer(0, "Not sent", CANCELLED), AGAIN],
  ["keys that are wrong", answer(401, "Unauthorized"), new RegExp(`^${escaped(KEYS)}; run the same command`)],
  [
    "a missing permission, or the wrong site",
    answer(403, "Forbidden"),
    new RegExp(
      `^give the application key the permission security_monitoring_findings_write or appsec_vm_write; if it has that already, ${escaped(KEYS)}; `,
    ),
  ],
  [
    "a finding that is gone",
    answer(404, "Not Found", "finding not found"),
    /^take findings that no longer exist out/,
  ],
  [
    "a user who is gone",
    answer(404, "Not Found", "assignee not found"),
    /^declare an active user of this organisation/,
  ],
  ["a request that is refused", answer(400, "Bad Request", "invalid query"), REFUSED],
  ["an answer of another shape", failed(new UnexpectedAnswerError(200, request, "no data", false)), REFUSED],
  [
    "missing keys",
    failed(new MissingCredentialsError(["apiKey"])),
    /^set what is missing, and run the same command again$/,
  ],
  [
    "a key that no header can hold",
    failed(new ConfigurationError("datadog:apiKey", "", "x")),
    /^correct the setting/,
  ],
];

describe("the advice after a failure", () => {
  for (const [what, problem, advice] of table) {
    it(`fits ${what}`, () => assert.match(advise([problem]), advice));
  }

  it("does not say to repeat what was refused as such", () => {
    assert.doesNotMatch(advise([answer(400, "Bad Request")]), /again sends/);
  });

  it("names the way out of a delete that is refused as such, and only then", () => {
    const way =
      /to give up the resource and leave its findings as they are, run `pulumi state delete URN` .*--exclude URN/;
    const shape = failed(new UnexpectedAnswerError(200, request, "no data", false));
    for (const problem of [answer(400, "Bad Request"), answer(403, "Forbidden"), answer(413, ""), shape]) {
      assert.match(advise([problem], true), way);
      assert.doesNotMatch(advise([problem]), way);
    }
    for (const status of [0, 401, 404, 409, 503]) {
      assert.doesNotMatch(advise([answer(status, "")], true), way);
    }
  });

  it("says that a destroy uses the former keys where all of it is refused as unauthorised", () => {
    const hint = /pulumi destroy still use the former ones: run pulumi up first, or add --run-program/;
    assert.match(advise([answer(403, "Forbidden"), answer(401, "")], true), hint);
    assert.doesNotMatch(advise([answer(403, "Forbidden"), answer(404, "")], true), hint);
    assert.doesNotMatch(advise([answer(403, "Forbidden")]), hint);
  });

  it("tells each cause once, and to repeat if that helps one of them", () => {
    const advice = advise([
      answer(400, "Bad Request"),
      answer(401, "Unauthorized"),
      answer(401, "Unauthorized"),
    ]);
    assert.match(
      advice,
      /^check that both keys .*; check the ids .*; the same command again does not help; run the same command again/,
    );
    assert.equal(advice.split("both keys").length, 2);
  });
});

function escaped(text: string): string {
  return text.replace(/[()]/g, "\\$&");
}
