import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 40, teams: ["a", "b"] });

describe("an owner who has left", () => {
  let stack: OwnershipStack;
  const rules = () => [
    { name: "a", query: "team:a", assignee: stack.email(0) },
    { name: "rest", query: "*", assignee: stack.email(1) },
  ];
  const idsOf = (team: string) =>
    findings.filter(({ tags }) => tags.includes(`team:${team}`)).map(({ id }) => id);
  const user = (index: number) =>
    stack.emulator.users.find(({ email }) => email === stack.email(index)) ?? assert.fail();
  beforeEach(() => {
    stack = new OwnershipStack(findings);
  });

  const ways = {
    disabled: () => stack.emulator.putUser({ ...user(0), disabled: true }),
    unknown: () => stack.emulator.removeUser(user(0).id),
    ambiguous: () => stack.emulator.putUser({ ...user(0), id: "11111111-2222-4333-8444-555555555555" }),
  };
  for (const [what, leave] of Object.entries(ways)) {
    it(`fails that rule only, with its name and what to do; other rules go through (${what})`, async () => {
      const declared = rules();
      const others = stack.idOf(stack.email(1));
      leave();
      await assert.rejects(stack.up({ rules: declared }), (error: Error) => {
        assert.match(error.message, new RegExp(`${idsOf("a").length} of 40 findings could not be assigned`));
        assert.match(error.message, /rule "a": .*ada\.moreau@example\.com/);
        assert.match(error.message, /next: correct the owner of the rule, in the program or in Datadog/);
        return true;
      });
      assert.ok(idsOf("a").every((id) => stack.emulator.ownerOf(id) === null));
      assert.ok(idsOf("b").every((id) => stack.emulator.ownerOf(id) === others));
      const { failures } = stack.outputs as { failures: { findingId: string }[] };
      assert.deepEqual(failures.map(({ findingId }) => findingId).sort(), idsOf("a").sort());
      await assert.rejects(stack.up({ rules: declared }), /rule "a"/);
    });
  }

  it("fails nothing as long as the rule has nothing to assign, and keeps what they have", async () => {
    const declared = rules();
    const owner = user(0);
    await stack.up({ rules: declared });
    stack.emulator.putUser({ ...owner, disabled: true });
    assert.equal((await stack.up({ rules: declared })).changed, false);
    assert.ok(idsOf("a").every((id) => stack.emulator.ownerOf(id) === owner.id));
    await stack.destroy();
    assert.ok([...stack.emulator.owners().values()].every((each) => each === null));
  });

  it("is told by a refresh, with how many findings are theirs, for one search each; others cost the look-up alone", async () => {
    const declared = rules();
    const [ada, ben] = [user(0), user(1)];
    // The diff that follows each read searches, too: for what the rules match.
    const searchesForOwners = () =>
      stack.emulator.requests.all.filter(({ query = "" }) =>
        /^@workflow\.triage\.assignee\.id:\S+$/.test(query),
      );
    await stack.up({ rules: declared });
    stack.emulator.requests.reset();
    stack.printed.length = 0;
    assert.deepEqual(await stack.refresh(), new Set());
    assert.deepEqual(stack.printed, []);
    assert.equal(stack.emulator.requests.count({ family: "users" }), 2);
    assert.equal(searchesForOwners().length, 0);
    stack.emulator.putUser({ ...ada, disabled: true });
    stack.emulator.putUser({ ...ben, email: "former@example.com", handle: "former@example.com" });
    stack.emulator.putUser({ ...ben, id: "11111111-2222-4333-8444-555555555555" });
    stack.emulator.requests.reset();
    await stack.refresh();
    assert.equal(searchesForOwners().length, 2);
    const told = stack.printed.join("\n");
    assert.match(
      told,
      new RegExp(
        `rule "a": the user "ada.moreau@example.com" is disabled .*; ${idsOf("a").length} findings in scope still belong to`,
      ),
    );
    assert.match(told, /rule "rest": "ben\.okafor@example\.com" belongs to another user now/);
  });

  it("a refresh without keys says that it cannot tell, and changes nothing", async () => {
    await stack.up({ rules: rules() });
    stack.emulator.faults.push({ kind: "status", status: 403, match: { family: "users" } });
    stack.printed.length = 0;
    assert.deepEqual(await stack.refresh(), new Set());
    assert.match(
      stack.printed.join("\n"),
      /cannot tell whether the owners of the rules are still active: .*403/,
    );
  });
});

describe("a finding that Datadog will not release", () => {
  it("does not block a destroy of rules for ever: the error names it and the way out, and all others are released", async () => {
    const stack = new OwnershipStack(findings);
    const [locked = "", ...others] = findings.map(({ id }) => id);
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    await stack.wait(1_200_000);
    stack.emulator.refuseFinding(locked);
    await assert.rejects(stack.destroy(), (error: Error) => {
      assert.ok(error.message.includes(locked), error.message);
      assert.match(error.message, /to give up the resource .* run `pulumi state delete URN`/);
      assert.match(error.message, /`--exclude URN`/);
      return true;
    });
    assert.ok(others.every((id) => stack.emulator.ownerOf(id) === null));
  });
});
