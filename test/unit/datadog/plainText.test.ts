import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { ApiError, UnexpectedAnswerError } from "../../../provider/datadog/errors";
import { plainLine, plainText } from "../../../provider/datadog/model/plainText";
import { SimulatedClock } from "../../emulator";
import fc from "../../support/fc";

/** What steers a terminal or turns the direction of writing, and halves of characters. */
const UNFIT = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const hostile = `\u001b[2J\u001b]0;title\u0007\u009b31m\u202egnirts\ud800${"x".repeat(1_000_000)}`;

function apiAnswering(status: number, body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return createFindingsApi(async () => ({ status, headers: {}, body: text }), new SimulatedClock());
}

describe("what an answer says", () => {
  it("is as it was where it is plain, in any script", () => {
    const texts = [
      "finding not found",
      "Zuständig: Ada 👩‍💻",
      "所有者が見つかりません",
      "",
      "::1 and std::map<a::b>",
      "# [1]",
    ];
    for (const text of texts) {
      assert.equal(plainText(text), text);
    }
  });

  it("is one line of bounded length without control characters, whatever it was", () => {
    const unit = fc.constantFrom("grapheme", "binary") satisfies fc.Arbitrary<"grapheme" | "binary">;
    const text = unit.chain((kind) => fc.string({ unit: kind, maxLength: 2_000 }));
    fc.assert(
      fc.property(text, (any) => {
        const plain = plainText(any);
        assert.doesNotMatch(plain, UNFIT);
        assert.ok(plain.length <= 1_002);
      }),
    );
    assert.doesNotMatch(plainText(hostile), UNFIT);
  });

  it("commands no CI system, at the start of a line or within it", () => {
    const commands = [
      "::add-mask::x",
      " \t::error file=a.js,line=1::x",
      "\n::stop-commands::x",
      "a ##[group]x",
      "###[x]",
    ];
    for (const text of [...commands, "##vso[task.setvariable variable=a]b", "##teamcity[x]"]) {
      for (const shown of [plainText(text), plainLine(text)]) {
        assert.doesNotMatch(shown, /^\s*::|##\w*\[/, text);
        assert.equal(shown.replace(/\s/g, ""), text.replace(/\s/g, ""), "what it says can still be read");
      }
    }
  });

  it("is shown in a line of ours as it is, and its end with it", () => {
    const line = `    ${"x".repeat(5_000)}\u001b[2J\n::error::`;
    assert.equal(plainLine(line), `    ${"x".repeat(5_000)} [2J ::error::`);
  });

  it("steers no terminal and fills no message, in both shapes of errors", async () => {
    for (const errors of [[hostile], [{ title: hostile, detail: hostile }]]) {
      await assert.rejects(apiAnswering(400, { errors }).search({ query: "" }), (error) => {
        assert.ok(error instanceof ApiError);
        assert.doesNotMatch(error.message + JSON.stringify(error.problems), UNFIT);
        assert.ok(error.message.length < 2_500, `${error.message.length} characters`);
        return true;
      });
    }
  });

  it("of a finding steers no terminal and fills no state, and its status is one of HTTP or 0", async () => {
    const statuses = [500, "404", -5, 1e308, 404.5, null, "x"];
    const failures = statuses.map((status, index) => ({
      finding_id: `${index}`,
      status,
      title: hostile,
      detail: hostile,
    }));
    const ids = failures.map(({ finding_id }) => finding_id);
    const receipt = await apiAnswering(202, { data: {}, meta: { failures } }).assign(ids, "user", "request");
    assert.deepEqual(
      receipt.failures.map(({ status }) => status),
      [500, 404, 0, 0, 0, 0, 0],
    );
    for (const { title, detail } of receipt.failures) {
      assert.doesNotMatch(title + detail, UNFIT);
      assert.ok(title.length + detail.length <= 2_004);
    }
  });

  it("where another shape is expected is shown with such characters escaped, 200 at most", async () => {
    for (const body of ["\u001b\u007f\u009b\u202e\u2066", hostile]) {
      await assert.rejects(apiAnswering(200, body).search({ query: "" }), (error) => {
        assert.ok(error instanceof UnexpectedAnswerError);
        assert.doesNotMatch(error.message, UNFIT);
        assert.match(error.message, /\\u001b/);
        assert.match(error.message, /\\u009b/);
        assert.ok(error.message.length < 800, `${error.message.length} characters`);
        return true;
      });
    }
  });
});
