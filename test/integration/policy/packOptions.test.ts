import assert from "node:assert/strict";
import { PolicyServer } from "../../support/policyServer";
import { singlePack } from "./singlePolicy";

describe("a policy pack with options that do not fit", () => {
  it("does not start, and says why, without a stack trace", async () => {
    const env = { POLICY: "noOverwriteOnProtected", POLICY_OPTIONS: JSON.stringify({ query: "team:(" }) };
    await assert.rejects(PolicyServer.start(singlePack, env), (error: Error) => {
      assert.match(
        error.message,
        /the options of the policy findings-no-overwrite-on-protected cannot be used: query is "team:\("/,
      );
      assert.doesNotMatch(error.message, /\n\s+at /);
      return true;
    });
  });
});
