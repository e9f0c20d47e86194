import assert from "node:assert/strict";
import { type FoundOwner, pickOwners } from "../../../../provider/rules/pickOwners";

const lead: FoundOwner = { weight: 1, users: ["lead"], problem: undefined };
const team: FoundOwner = { weight: 2, users: ["ada", "bob"], problem: undefined };
const gone: FoundOwner = { weight: 1, users: [], problem: { kind: "inactive", message: "eve is disabled" } };
const typo: FoundOwner = { weight: 1, users: [], problem: { kind: "unknown", message: "no user laed" } };

const users = (pick: "spread" | "first", ...owners: readonly FoundOwner[]) =>
  pickOwners(pick, owners).recipients.map(({ userId }) => userId);

describe("several owners of a rule", () => {
  it("share findings, each user by the weight of the owner", () => {
    assert.deepEqual(pickOwners("spread", [lead, team]), {
      recipients: [
        { userId: "lead", weight: 1 },
        { userId: "ada", weight: 2 },
        { userId: "bob", weight: 2 },
      ],
      failure: undefined,
      passedOver: [],
    });
  });

  it("who share leave out who is inactive, and say so", () => {
    assert.deepEqual(users("spread", gone, team), ["ada", "bob"]);
    assert.deepEqual(pickOwners("spread", [gone, team]).passedOver, ["eve is disabled"]);
  });

  it("who share fail where all are inactive, and where one does not exist", () => {
    assert.equal(pickOwners("spread", [gone]).failure, "eve is disabled");
    assert.equal(pickOwners("spread", [lead, typo, gone]).failure, "no user laed; eve is disabled");
    assert.deepEqual(users("spread", lead, typo), []);
  });

  it("in order are the first who is active, whatever is wrong with those before", () => {
    assert.deepEqual(users("first", lead, team), ["lead"]);
    assert.deepEqual(users("first", gone, typo, team, lead), ["ada", "bob"]);
    assert.deepEqual(pickOwners("first", [gone, typo, team]).passedOver, ["eve is disabled", "no user laed"]);
  });

  it("in order are those after an open one as well, up to the first who is not open", () => {
    const schedule: FoundOwner = { ...team, isOpen: true };
    assert.deepEqual(users("first", schedule, gone, lead, team), ["ada", "bob", "lead"]);
    assert.deepEqual(users("first", lead, schedule), ["lead"]);
    assert.deepEqual(users("first", schedule, typo), ["ada", "bob"]);
    assert.deepEqual(pickOwners("first", [gone, schedule, typo]).passedOver, ["eve is disabled"]);
  });

  it("in order fail where nobody is active", () => {
    assert.equal(pickOwners("first", [gone, typo]).failure, "eve is disabled; no user laed");
  });
});
