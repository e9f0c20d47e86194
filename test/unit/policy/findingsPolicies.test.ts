import assert from "node:assert/strict";
import {
  findingsPolicies,
  maxAssignmentSize,
  noOverwriteOnProtected,
  requireFallbackRule,
} from "../../../provider/policy";

const names = (policies: readonly { readonly name: string }[]) => policies.map(({ name }) => name);

describe("findingsPolicies", () => {
  it("has every policy, each under a name of its own", () => {
    const all = names(findingsPolicies());
    assert.equal(new Set(all).size, 6);
    assert.ok(all.every((name) => name.startsWith("findings-")));
  });

  it("leaves out what is false", () => {
    const some = findingsPolicies({ allowedOwners: false, requireRuleNameAndNote: false });
    assert.deepEqual(names(some), [
      "findings-no-duplicates",
      "findings-max-assignment-size",
      "findings-fallback-rule",
      "findings-no-overwrite-on-protected",
    ]);
  });

  it("passes the options on", () => {
    const [policy] = findingsPolicies({
      allowedOwners: { domains: ["example.com"], enforcementLevel: "advisory" },
    });
    assert.equal(policy?.enforcementLevel, "advisory");
    assert.deepEqual(policy?.configSchema?.properties["domains"]?.default, ["example.com"]);
    assert.equal(policy?.configSchema?.properties["users"]?.default, undefined);
  });
});

describe("options of a policy", () => {
  it("are refused where they do not fit, with policy and property", () => {
    assert.throws(
      () => maxAssignmentSize({ max: 0 }),
      /policy findings-max-assignment-size cannot be used: max is 0: /,
    );
    assert.throws(() => maxAssignmentSize({ max: 1.5 }), /max/);
    assert.throws(() => noOverwriteOnProtected({ query: " " }), /query/);
    assert.throws(
      () => noOverwriteOnProtected({ query: "team:(" }),
      /: query is "team:\(": a query in Datadog.s search syntax is needed/,
    );
    assert.throws(() => requireFallbackRule({ fallback: ["*", "a OR"] }), /fallback\[1\]/);
  });
});
