import assert from "node:assert/strict";
import { parseOwner } from "../../../../provider/rules/owner";
import { assigneeProblem, OWNER_PATTERN, ownerProblem } from "../../../../provider/rules/ownerProblem";
import fc from "../../../support/fc";

const right = [
  "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0",
  "F315BDAF-9EE7-4808-A9C1-99C15BF0F4D0",
  "lead@example.com",
  "lead+security@example.co.jp",
  "o'brien@example.com",
  "payments-lead",
  "not-a-uuid",
  "security_duty",
  "日本",
  "deadbeef",
  "team-of-the-very-long-name-for-payments",
];

const wrong: Record<string, RegExp> = {
  "": /without spaces/,
  "two words": /without spaces/,
  'quoted"': /without spaces/,
  ["x".repeat(255)]: /without spaces/,
  "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d": /^a UUID has/,
  "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d00": /^a UUID has/,
  "f315bdaf-9ee7-4808-a9c1-99c15bf0f4dO": /^a UUID has/,
  "f315bdaf-9ee-4808-a9c1-99c15bf0f4d0": /^a UUID has/,
  f315bdaf9ee74808a9c199c15bf0f4d0: /^a UUID has/,
  "{f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0}": /^a UUID has/,
  "urn:uuid:f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0": /^a UUID has/,
  "f315bdaf-9ee74808-a9c1-99c15bf0f4d0": /^a UUID has/,
  "me@": /before and a domain/,
  "@example.com": /before and a domain/,
  "me@you@example.com": /before and a domain/,
  null: /no value/,
  undefined: /no value/,
  NaN: /no value/,
  "a,b": /one user/,
  "lead@example.com;duty@example.com": /one user/,
  "a,b@example.com": /one user/,
  "me@example": /before and a domain/,
};

describe("the assignee of a list of findings", () => {
  it("may be a UUID, an e-mail or a handle", () => {
    assert.deepEqual(
      right.filter((assignee) => assigneeProblem(assignee) !== undefined),
      [],
    );
  });

  for (const [assignee, problem] of Object.entries(wrong)) {
    it(`is not "${assignee.slice(0, 50)}"`, () => assert.match(assigneeProblem(assignee) ?? "", problem));
  }

  it("is a user, and neither a team, nor who is on call, nor nobody", () => {
    assert.match(assigneeProblem("team:payments") ?? "", /not a team: use FindingsOwnership/);
    assert.match(assigneeProblem("on-call:payments") ?? "", /getOnCall\(\{ team \}\)/);
    assert.match(assigneeProblem("none") ?? "", /out of the list/);
  });
});

describe("the owner of a rule", () => {
  it("is refused for the same reasons as the assignee of a list", () => {
    for (const user of [...right, ...Object.keys(wrong)]) {
      const refused = ownerProblem(user) !== undefined;
      assert.equal(refused, assigneeProblem(user) !== undefined, user);
    }
  });

  it("may be a team, who is on call for a team, or nobody", () => {
    const owners = ["team:payments", "on-call:payments", "team:a_b.c-9", "none"];
    assert.deepEqual(
      owners.filter((owner) => ownerProblem(owner) !== undefined || ownerProblem(owner, { handles: false })),
      [],
    );
    assert.deepEqual(owners.map(parseOwner), [
      { kind: "team", handle: "payments" },
      { kind: "onCall", handle: "payments" },
      { kind: "team", handle: "a_b.c-9" },
      { kind: "nobody" },
    ]);
  });

  it("is the same in capitals where it is a UUID or the handle of a team", () => {
    const id = "F315BDAF-9EE7-4808-A9C1-99C15BF0F4D0";
    assert.deepEqual(parseOwner(id), { kind: "user", user: id.toLowerCase() });
    assert.deepEqual(parseOwner("team:Payments"), { kind: "team", handle: "payments" });
  });

  const mistaken: Record<string, RegExp> = {
    None: /write none to leave/,
    "Team:payments": /did you mean "team:payments"\?/,
    "teams:payments": /did you mean "team:payments"\?/,
    "team: payments": /did you mean "team:payments"\?/,
    "team:@payments": /did you mean "team:payments"\?/,
    "oncall:payments": /did you mean "on-call:payments"\?/,
    "on_call:payments": /did you mean "on-call:payments"\?/,
    "team:": /write team:HANDLE/,
    "team:pay ments": /write team:HANDLE/,
    "schedule:payments": /write team:HANDLE or on-call:HANDLE/,
  };
  for (const [owner, problem] of Object.entries(mistaken)) {
    it(`is not "${owner}"`, () => assert.match(ownerProblem(owner) ?? "", problem));
  }

  it("in a file is no handle of a user", () => {
    assert.match(ownerProblem("payments-lead", { handles: false }) ?? "", /e-mail or UUID/);
    assert.equal(ownerProblem("lead@example.com", { handles: false }), undefined);
  });

  it("is what the pattern of the JSON schema allows in a file", () => {
    const pattern = new RegExp(OWNER_PATTERN);
    const word = fc.stringMatching(/^[a-zA-Z0-9@.:,; "_-]{0,12}$/);
    const owner = fc.oneof(
      word,
      fc
        .tuple(fc.constantFrom("team:", "on-call:", "none", "a@b.", "a@"), word)
        .map((parts) => parts.join("")),
      fc.uuid(),
      fc.constantFrom(...right, ...Object.keys(wrong).filter((each) => each.length < 255)),
    );
    fc.assert(
      fc.property(owner, (text) => {
        assert.equal(pattern.test(text), ownerProblem(text, { handles: false }) === undefined, text);
      }),
      { numRuns: 2_000 },
    );
  });
});
