import assert from "node:assert/strict";
import { UserLookupError } from "../../../provider/datadog/errors";
import { SecretTexts } from "../../../provider/dynamic/secretTexts";

describe("the secret texts of a process", () => {
  it("are replaced where they stand alone, also in lower case and as JSON writes them", () => {
    const secrets = new SecretTexts();
    secrets.add({ assignee: "Lead@Example.com", rules: [{ query: 'title:"one"', overwrite: true }] });
    assert.equal(
      secrets.redact('assigned to lead@example.com by "title:\\"one\\"", not to misLead@Example.com.au'),
      'assigned to [secret] by "[secret]", not to misLead@Example.com.au',
    );
  });

  it("are replaced in whatever case Datadog writes them", () => {
    const secrets = new SecretTexts();
    secrets.add("lead@example.com");
    assert.equal(secrets.redact("5 to Lee (Lead@Example.COM)"), "5 to Lee ([secret])");
  });

  it("are replaced as a whole where one holds another", () => {
    const secrets = new SecretTexts();
    secrets.add(["lead", "lead@example.com"]);
    assert.equal(secrets.redact("lead@example.com is misleading"), "[secret] is misleading");
    assert.deepEqual(secrets.redactAll({ reasons: ["for lead", 7] }), { reasons: ["for [secret]", 7] });
  });

  it("are all names of a user of whom one is secret, and of no other user", () => {
    const secrets = new SecretTexts();
    secrets.add("lead@example.com");
    secrets.addNamesOf({ id: "id-1", name: "Lee Lead", email: "Lead@example.com", handle: null });
    secrets.addNamesOf({ id: "id-2", name: "Ada Moreau", email: "ada@example.com", handle: null });
    assert.equal(
      secrets.redact("20 to Lee Lead <Lead@example.com>, 2 to id-1, 3 to Ada Moreau <ada@example.com>"),
      "20 to [secret], 2 to [secret], 3 to Ada Moreau <ada@example.com>",
    );
  });

  for (const problem of ["unknown", "disabled", "ambiguous"] as const) {
    it(`are not told by those that are near them: an owner who is ${problem}`, () => {
      const secrets = new SecretTexts();
      secrets.add("led@example.com");
      const { message } = new UserLookupError(problem, "led@example.com", ["lead@example.com = 1", "lad"]);
      const told = secrets.redact(`rule "first": ${message}`);
      assert.match(told, /"\[secret\]"/);
      assert.doesNotMatch(told, /lead|lad|did you mean/);
    });
  }

  it("are neither empty nor unknown values", () => {
    const secrets = new SecretTexts();
    secrets.add(["", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", undefined, null, 5]);
    const text = "5 findings of 04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.equal(secrets.redact(text), text);
  });
});
