import assert from "node:assert/strict";
import { PolicyServer } from "../../support/policyServer";
import { singlePack } from "./singlePolicy";

describe("a policy pack with options that do not fit", () => {
  it("does not start, and says why", async () => {
    const env = { POLICY: "noOverwriteOnProtected", POLICY_OPTIONS: JSON.stringify({ query: "team:(" }) };
    await assert.rejects(
      PolicyServer.start(singlePack, env),
      /options of policy "findings-no-overwrite-on-protected"[^]*query/,
    );
  });
});
