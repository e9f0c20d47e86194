import assert from "node:assert/strict";
import { ConfigurationError } from "../../provider/datadog/errors";
import { atCallBoundary } from "../../provider/dynamic/callBoundary";
import { quietFailedCalls } from "../../provider/dynamic/quietFailedCalls";
import { AssignmentError } from "../../provider/engine/assignmentError";
import { withConfigurationFailure } from "../../provider/engine/configurationFailure";
import { LARGEST_TRAILER } from "../../provider/engine/trailerSize";
import { encodedTrailer } from "../support/encodedTrailer";

async function failureOf(thrown: unknown): Promise<Error> {
  const call = atCallBoundary(async () => {
    throw thrown;
  });
  const error: unknown = await call().catch((reason: unknown) => reason);
  assert.ok(error instanceof Error);
  return error;
}

describe("a failed call of the provider", () => {
  it("keeps its message, which the SDK then does not print beside it, nor a path of the machine", async () => {
    const error = await failureOf(new TypeError("no user of this organisation\nhas that name"));
    assert.equal(error.message, "no user of this organisation\nhas that name");
    const printed: unknown[] = [];
    const output = { error: (...args: unknown[]) => printed.push(...args) };
    quietFailedCalls(output);
    output.error(`${error}: ${error.stack}`);
    output.error("any other line");
    assert.deepEqual(printed, ["any other line"]);
  });

  it("keeps what the SDK needs of a partial failure", async () => {
    const partial = new AssignmentError("id", ["why"], { __provider: "text" });
    assert.equal(await failureOf(partial), partial);
  });

  for (const [what, message] of Object.entries({
    ascii: "x".repeat(200_000),
    japanese: "日".repeat(200_000),
    "halves of characters": "\ud83d".repeat(90_000),
    "a character across the cut": `${"a".repeat(6_886)}${"😀".repeat(90_000)}`,
  })) {
    it(`bears a message of any length: ${what}`, async () => {
      const error = await failureOf(new Error(message));
      assert.ok(encodedTrailer(error) <= LARGEST_TRAILER);
      assert.ok(error.message.endsWith(" …"));
    });
  }

  it("is a problem of the inputs where the check comes across a setting that cannot be used", async () => {
    const check = () => {
      throw new ConfigurationError("datadog:site", "eu1", "no such site");
    };
    const { failures } = await withConfigurationFailure({}, check);
    assert.deepEqual(failures, [{ property: "", reason: 'datadog:site is "eu1": no such site' }]);
  });
});
