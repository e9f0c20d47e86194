import assert from "node:assert/strict";
import { Claims } from "../../../provider/core/claims";

const lead = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const duty = "0d8b1b6a-7b9c-4d8e-8f3a-0c1d2e3f4a5b";

describe("claims", () => {
  it("name the finding, both assignees and the other resource where two declarations contradict", () => {
    const claims = new Claims();
    assert.deepEqual(claims.declare(["a", "b"], lead, "payments"), []);
    assert.deepEqual(claims.declare(["b", "c"], duty, "platform"), [
      { findingId: "b", assignee: duty, claimedFor: lead, claimedBy: "payments" },
    ]);
  });

  it("allow the same finding for the same assignee, in capitals or not", () => {
    const claims = new Claims();
    claims.declare(["a"], lead, "one");
    assert.deepEqual(claims.declare(["a"], lead.toUpperCase(), "two"), []);
  });

  it("do not tell a UUID from an e-mail, which may be the same user", () => {
    const claims = new Claims();
    claims.declare(["a"], lead, "one");
    assert.deepEqual(claims.declare(["a"], "lead@example.com", "two"), []);
    assert.equal(new Claims().has("a"), false);
    assert.equal(claims.has("a"), true);
  });

  it("hold for a finding whose assignee is not known", () => {
    const claims = new Claims();
    claims.declare(["a"], undefined, "one");
    assert.equal(claims.has("a"), true);
    assert.deepEqual(claims.declare(["a"], lead, "two"), []);
    assert.equal(claims.declare(["a"], duty, "three").length, 1);
  });
});
