import assert from "node:assert/strict";
import { type PropertyMap, secret, UNKNOWN } from "../../engine/properties";
import type { ShownResource } from "../../support/policyServer";
import { assignment, ownership, rule } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy allowedOwners alone: owners must come from an allowed list or domain", () => {
  const server = singlePolicy("allowedOwners", { domains: ["example.com"], users: ["Duty@example.org"] });
  const name = "findings-allowed-owners";
  const uuid = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";

  it("refuses an assignment to an address elsewhere, and names it", async () => {
    const violations = await server().analyze(assignment("payments", { assignee: "me@gmail.com" }));
    assertRefused(violations, name, '"me@gmail.com"', 'assignment "payments"', "anybody at example.com");
  });

  it("refuses one rule of an ownership, and names it", async () => {
    const rules = [rule("platform"), rule("web", { assignee: "x@example.com.evil.net" })];
    const violations = await server().analyze(ownership("security", rules));
    assertRefused(violations, name, '"x@example.com.evil.net"', 'rule "web" of ownership "security"');
  });

  for (const assignee of ["a@b@example.com", "example.com", "x@sub.example.com", "x@notexample.com", uuid]) {
    it(`refuses ${assignee}`, async () => {
      assertRefused(await server().analyze(assignment("payments", { assignee })), name, assignee);
    });
  }

  for (const assignee of ["someone@example.com", "Someone@EXAMPLE.com", "duty@example.org"]) {
    it(`accepts ${assignee}`, async () => {
      assert.deepEqual(await server().analyze(assignment("payments", { assignee })), []);
      assert.deepEqual(await server().analyze(ownership("security", [rule("x", { assignee })])), []);
    });
  }

  it("judges a secret owner by its value", async () => {
    const violations = await server().analyze(assignment("payments", { assignee: secret("me@gmail.com") }));
    assertRefused(violations, name, "me@gmail.com");
  });

  it("passes over an owner that a preview does not know yet, and judges the others", async () => {
    assert.deepEqual(await server().analyze(assignment("payments", { assignee: UNKNOWN })), []);
    assert.deepEqual(await server().analyze(ownership("security", [])), []);
    const rules = [rule("a", { assignee: UNKNOWN }), rule("b", { assignee: "me@gmail.com" })];
    assertRefused(await server().analyze(ownership("security", rules)), name, 'rule "b"');
    const unknownRules: ShownResource = { ...ownership("security", []), props: { rules: UNKNOWN } };
    assert.deepEqual(await server().analyze(unknownRules), []);
  });

  it("takes the policy configuration over the arguments", async () => {
    await server().configure({ [name]: { properties: { domains: [], users: [uuid] } } });
    assert.deepEqual(await server().analyze(assignment("payments", { assignee: uuid.toUpperCase() })), []);
    const violations = await server().analyze(assignment("payments", { assignee: "someone@example.com" }));
    assertRefused(violations, name, "someone@example.com");
  });

  it("says which property of the configuration it cannot use", async () => {
    await server().configure({ [name]: { properties: { domians: ["example.com"] } } });
    await assert.rejects(server().analyze(assignment("payments")), /findings-allowed-owners[^]*domians/);
  });

  it("lets other resources be", async () => {
    const bucket = {
      type: "aws:s3/bucket:Bucket",
      name: "b",
      urn: "urn:b",
      props: { assignee: "me@gmail.com" },
    };
    assert.deepEqual(await server().analyze(bucket), []);
  });
});

describe("policy allowedOwners without arguments", () => {
  const server = singlePolicy("allowedOwners");

  it("allows everybody until it is configured", async () => {
    assert.deepEqual(await server().analyze(assignment("payments", { assignee: "me@gmail.com" })), []);
    await server().configure({ "findings-allowed-owners": { properties: { domains: ["example.com"] } } });
    assert.equal((await server().analyze(assignment("payments", { assignee: "me@gmail.com" }))).length, 1);
  });

  it("is as strict as the policy configuration says", async () => {
    const config = { properties: { domains: ["example.com"] } };
    const levelAt = async (level: "advisory" | "disabled") => {
      await server().configure({ "findings-allowed-owners": { ...config, level } });
      return (await server().analyze(assignment("p", { assignee: "me@gmail.com" }))).map(
        (each) => each.level,
      );
    };
    assert.deepEqual(await levelAt("advisory"), ["advisory"]);
    assert.deepEqual(await levelAt("disabled"), []);
  });
});

describe("policy allowedOwners with teams", () => {
  const server = singlePolicy("allowedOwners", { domains: ["example.com"], teams: ["payments"] });

  it("judges each of several owners, teams by their handles, and lets a rule leave findings alone", async () => {
    const listed = (name: string, assignees: PropertyMap["assignees"]) => {
      const { assignee, ...rest } = rule(name);
      return { ...rest, ...(assignees !== undefined && { assignees }) };
    };
    const rules = [
      listed("a", ["one@example.com", { assignee: "team:Payments", weight: 2 }]),
      listed("b", ["on-call:payments", "team:platform", "two@mail.example"]),
      rule("c", { assignee: "none" }),
    ];
    const violations = await server().analyze(ownership("o", rules));
    assert.deepEqual(
      violations.map(({ message }) => /"([^"]*)" in rule "b"/.exec(message)?.[1]),
      ["team:platform", "two@mail.example"],
    );
  });
});
