import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const hideThePeer = `
  const Module = require("node:module");
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (name, ...rest) {
    if (name.startsWith("@pulumi/policy")) throw new Error("hidden: " + name);
    return resolve.call(this, name, ...rest);
  };`;

function namesOf(entry: string): string {
  const script = `${hideThePeer} console.log(Object.keys(require(${JSON.stringify(entry)})).sort().join());`;
  return execFileSync(process.execPath, ["--eval", script], {
    cwd: join(__dirname, "..", "..", ".."),
    env: { ...process.env, NODE_OPTIONS: "" },
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

describe("@pulumi/policy is an optional peer", () => {
  it("is hidden by this test", () => {
    assert.throws(() => namesOf("@pulumi/policy"), /hidden: @pulumi\/policy/);
  });

  it("is not needed by the package", () => {
    assert.match(namesOf("pulumi-datadog-findings"), /FindingsAssignment/);
  });

  it("is not loaded by the policies, so that a pack's own copy is the only one", () => {
    assert.equal(
      namesOf("pulumi-datadog-findings/policy"),
      "allowedOwners,findingsPolicies,maxAssignmentSize,noDuplicateFindings,noOverwriteOnProtected," +
        "requireFallbackRule,requireRuleNameAndNote",
    );
  });
});
