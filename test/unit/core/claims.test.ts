import assert from "node:assert/strict";
import { Claims } from "../../../provider/core/claims";

const lead = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const duty = "0d8b1b6a-7b9c-4d8e-8f3a-0c1d2e3f4a5b";

describe("claims", () => {
  it("name the finding, both assignees and the other resource where two declarations contradict", () => {
    const claims = new Claims();
    assert.deepEqual(claims.declare(["a", "b"], lead, "payments"), []);
    assert.deepEqual(claims.declare(["b", "c"], duty, "platform"), [
      { findingId: "b", assignee: duty, claimedFor: lead, declaredBy: "platform", claimedBy: "payments" },
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

  it("are kept for each kind of name, so that each contradiction within a kind shows", () => {
    const claims = new Claims();
    claims.declare(["a"], lead, "one");
    assert.deepEqual(claims.declare(["a"], "bob@example.com", "two"), []);
    assert.deepEqual(claims.declare(["a"], "carol@example.com", "three"), [
      {
        findingId: "a",
        assignee: "carol@example.com",
        claimedFor: "bob@example.com",
        declaredBy: "three",
        claimedBy: "two",
      },
    ]);
    assert.equal(claims.declare(["a"], duty, "four")[0]?.claimedBy, "one");
  });

  it("tell names of different kinds apart once it is known whom they mean", () => {
    const claims = new Claims();
    const [byId, byEmail] = [
      { assignee: lead, resourceName: "one" },
      { assignee: "duty@example.com", resourceName: "two" },
    ];
    assert.deepEqual(claims.resolve(["a", "b"], lead, byId), []);
    assert.deepEqual(claims.resolve(["b", "c"], duty, byEmail), [
      { findingId: "b", assignee: "duty@example.com", claimedFor: lead, declaredBy: "two", claimedBy: "one" },
    ]);
    assert.deepEqual(
      claims.resolve(["a"], lead, { assignee: "lead@example.com", resourceName: "three" }),
      [],
    );
  });

  it("are replaced by those of the same resource, whose name may have come to mean another user", () => {
    const claims = new Claims();
    const claim = { assignee: "lead@example.com", resourceName: "one" };
    claims.resolve(["a"], lead, claim);
    assert.deepEqual(claims.resolve(["a"], duty, claim), []);
  });

  it("hold for a finding whose assignee is not known", () => {
    const claims = new Claims();
    claims.declare(["a"], undefined, "one");
    assert.equal(claims.has("a"), true);
    assert.deepEqual(claims.declare(["a"], lead, "two"), []);
    assert.equal(claims.declare(["a"], duty, "three").length, 1);
  });

  it("are taken back for a resource that is made anew, unless another resource declares the finding, too", () => {
    const claims = new Claims();
    claims.declare(["a", "b"], lead, "one");
    claims.declare(["b"], "lead@example.com", "two");
    claims.resolve(["a", "b"], lead, { assignee: lead, resourceName: "one" });
    assert.deepEqual(claims.withdraw(["a", "b", "c"], "one"), ["a"]);
    assert.deepEqual([claims.has("a"), claims.has("b"), claims.ownerOf("a")], [false, true, undefined]);
    claims.declare(["a"], duty, "one");
    assert.equal(claims.has("a"), true);
  });
});
