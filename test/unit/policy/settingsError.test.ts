import assert from "node:assert/strict";
import {
  allowedOwners,
  findingsPolicies,
  maxAssignmentSize,
  requireFallbackRule,
} from "../../../provider/policy";

/** What a factory says to options that a JavaScript program may give it. */
function told(make: (options: never) => unknown, options: unknown): string {
  try {
    make(options as never);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  assert.fail("nothing was refused");
}

describe("the options of a policy that cannot be used", () => {
  it("are told with the name that was probably meant", () => {
    assert.equal(
      told(allowedOwners, { domians: ["example.com"], x: 1 }),
      'the options of the policy findings-allowed-owners cannot be used: unknown setting "domians"; did you mean ' +
        'domains?; unknown setting "x"; the known ones are users, domains, teams',
    );
    assert.equal(
      told(findingsPolicies, { alowedOwners: false }),
      'the options of findingsPolicies cannot be used: unknown policy "alowedOwners"; did you mean allowedOwners?',
    );
  });

  it("are told with the value, and with what is needed", () => {
    assert.match(
      told(maxAssignmentSize, { max: "many" }),
      /: max is "many": a whole number of findings is needed/,
    );
    assert.match(
      told(maxAssignmentSize, { max: 0 }),
      /: max is 0: a whole number of findings is needed, 1 or more$/,
    );
    assert.match(
      told(requireFallbackRule, { fallback: ["*", "team:"] }),
      /: fallback\[1\] is "team:": a query /,
    );
  });
});
