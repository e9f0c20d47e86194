import assert from "node:assert/strict";
import { assigneeProblem } from "../../../provider/lifecycle/assigneeProblem";

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
  "a,b": /one owner/,
  "lead@example.com;duty@example.com": /one owner/,
};

describe("a declared assignee", () => {
  it("may be a UUID, an e-mail or a handle", () => {
    assert.deepEqual(
      right.filter((assignee) => assigneeProblem(assignee) !== undefined),
      [],
    );
  });

  for (const [assignee, problem] of Object.entries(wrong)) {
    it(`is not "${assignee.slice(0, 50)}"`, () => assert.match(assigneeProblem(assignee) ?? "", problem));
  }
});
