import assert from "node:assert/strict";
import { MissingCredentialsError, problemOf } from "../../../provider/datadog/errors";
import { explainFailures } from "../../../provider/messages/messages";

const ids = Array.from({ length: 250 }, (_, index) => `f${index}`);
const conflict = { status: 409, title: "Conflict", detail: "locked" };

function headline(failed: number, numbers: { succeeded: number; ambiguous?: number }): string | undefined {
  const failures = ids.slice(0, failed).map((findingId) => ({ findingId, ...conflict }));
  return explainFailures({ failures, wanted: "unassigned", total: 5, ...numbers })[0];
}

describe("what a failure says", () => {
  it("of missing keys: which, how to set them, and no finding", () => {
    const problem = problemOf(new MissingCredentialsError(["apiKey", "appKey"]));
    const failures = ids.map((findingId) => ({ findingId, ...problem }));
    const [first, why, next, ...rest] = explainFailures({
      failures,
      wanted: "assigned to ada",
      succeeded: 0,
      total: 250,
    });
    assert.equal(first, "250 of 250 findings could not be assigned to ada; nothing was changed");
    assert.match(
      why ?? "",
      /^Missing keys: Datadog needs .*datadog:apiKey.*DD_API_KEY.*datadog:appKey.*DD_APP_KEY\)$/,
    );
    assert.equal(next, "next: set what is missing, and run the same command again");
    assert.deepEqual(rest, []);
  });

  it("counts what is done, and says of what it is not known", () => {
    const could = (failed: number) => `${failed} of 5 findings could not be unassigned; `;
    assert.equal(headline(5, { succeeded: 0 }), `${could(5)}nothing was changed`);
    assert.equal(headline(2, { succeeded: 3 }), `${could(2)}3 succeeded`);
    assert.equal(
      headline(5, { succeeded: 0, ambiguous: 5 }),
      `${could(5)}it is not known whether Datadog changed them`,
    );
    assert.equal(
      headline(3, { succeeded: 2, ambiguous: 1 }),
      `${could(3)}2 succeeded, of 1 it is not known whether Datadog changed it`,
    );
  });

  it("speaks of one finding, and of one further reason, in the singular", () => {
    const reasons = ids.slice(0, 11).map((findingId) => ({ findingId, ...conflict, detail: findingId }));
    const lines = explainFailures({ failures: reasons, wanted: "unassigned", succeeded: 0, total: 11 });
    assert.equal(lines.at(-2), "and 1 more reason");
    const [only] = explainFailures({
      failures: [{ findingId: "f0", ...conflict }],
      wanted: "unassigned",
      succeeded: 0,
      ambiguous: 1,
      total: 1,
    });
    assert.equal(only, "1 of 1 finding could not be unassigned; it is not known whether Datadog changed it");
  });

  it("shows long texts in part, and no character that steers a terminal", () => {
    const failures = [
      { findingId: `f\u001b[31m${"x".repeat(900)}`, status: 409, title: "\u202eC", detail: "d".repeat(900) },
    ];
    const [, line = ""] = explainFailures({ failures, wanted: "unassigned", succeeded: 0, total: 1 });
    assert.ok(line.length < 600, line);
    assert.doesNotMatch(line, /[\u001b\u202e]/);
    assert.match(line, /x …: 409 C: d+ …$/);
  });
});
