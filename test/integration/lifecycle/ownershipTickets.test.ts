import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 20, teams: ["a", "b"] });
const idsOf = (team: string) =>
  findings.filter(({ tags }) => tags.includes(`team:${team}`)).map(({ id }) => id);
const [a = "", otherA = ""] = idsOf("a");
const [b = ""] = idsOf("b");

describe("findings of one ticket, and rules", () => {
  let stack: OwnershipStack;
  const rules = () =>
    ["a", "b"].map((team, index) => ({ name: team, query: `team:${team}`, assignee: stack.email(index) }));
  const ownerOf = (id: string) =>
    stack.emulator.users.find((user) => user.id === stack.emulator.ownerOf(id))?.email;
  const attach = (...ids: string[]) => {
    const { id } = stack.emulator.tickets.create({ system: "jira" });
    stack.emulator.tickets.attach(id, ids);
  };
  beforeEach(() => {
    stack = new OwnershipStack(findings);
  });

  it("that would go to different owners fail, with the ticket and the findings, and all others go through", async () => {
    attach(a, b);
    await assert.rejects(stack.up({ rules: rules() }), (error: Error) => {
      assert.match(error.message, /2 of 20 findings could not be assigned/);
      assert.match(
        error.message,
        /of the same ticket [A-Z]+-\d+ to somebody else: all findings of a ticket have one owner/,
      );
      for (const id of [a, b]) assert.ok(error.message.includes(id), error.message);
      return true;
    });
    for (const id of [a, b]) assert.equal(ownerOf(id), undefined);
    for (const id of idsOf("a").slice(1)) assert.equal(ownerOf(id), stack.email(0));
    for (const id of idsOf("b").slice(1)) assert.equal(ownerOf(id), stack.email(1));
  });

  it("that go to one owner are assigned, for one search more", async () => {
    attach(a, otherA);
    await stack.up({ rules: rules() });
    for (const id of idsOf("a")) assert.equal(ownerOf(id), stack.email(0));
    assert.equal((await stack.up({ rules: rules() })).changed, false);
  });

  it("that a FindingsAssignment declares for somebody else fail", async () => {
    attach(a, b);
    const [rule] = rules();
    await assert.rejects(
      stack.deploy(
        {
          pins: { findingIds: [b], assignee: stack.email(2) },
          security: { rules: [{ ...rule, overwrite: true }] },
        },
        { inOrder: true },
      ),
      /the FindingsAssignment "pins" gives .* of the same ticket/,
    );
    assert.equal(ownerOf(a), stack.email(2));
  });

  it("that rules of another resource give to somebody else fail", async () => {
    attach(a, b);
    const [one, two] = rules();
    const others = { rules: [two], scope: "team:b" };
    await assert.rejects(
      stack.deploy(
        { others, security: { rules: [{ ...one, overwrite: true }], scope: "team:a" } },
        { inOrder: true },
      ),
      /rule "a" gives it to \S+, and rule "b" of "others" gives .* of the same ticket/,
    );
    assert.equal(ownerOf(a), stack.email(1));
    assert.equal(ownerOf(b), stack.email(1));
  });

  it("are not released while another one of the ticket is declared, and it is told; a destroy releases them", async () => {
    const same = rules().map((rule) => ({ ...rule, assignee: stack.email(0) }));
    attach(a, b);
    await stack.up({ rules: same, releaseRemoved: true });
    await stack.wait(1_200_000);
    stack.printed.length = 0;
    const now = { rules: same.slice(0, 1), releaseRemoved: true };
    await stack.up(now);
    assert.equal(ownerOf(a), stack.email(0));
    assert.equal(ownerOf(b), stack.email(0));
    for (const id of idsOf("b").slice(1)) assert.equal(ownerOf(id), undefined);
    assert.ok(
      stack.printed.some((line) => line.includes("1 finding keeps its owner") && line.includes(b)),
      stack.printed.join("\n"),
    );
    await stack.wait(1_200_000);
    assert.equal((await stack.up(now)).changed, true, "the search shows everything now");
    assert.equal((await stack.up(now)).changed, false);
    await stack.destroy();
    assert.ok([...stack.emulator.owners().values()].every((owner) => owner === null));
  });
});

describe("assignees that say nothing", () => {
  for (const form of ["absent", "null", "without-id"] as const) {
    it(`are nobody, and fail neither up nor destroy (${form})`, async () => {
      const stack = new OwnershipStack(findings, { nobodyForm: form } as never);
      await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
      assert.ok([...stack.emulator.owners().values()].every((owner) => owner !== null));
      stack.emulator.reassignByHand(a, null);
      await stack.wait(1_200_000);
      await stack.destroy();
      assert.ok([...stack.emulator.owners().values()].every((owner) => owner === null));
    });
  }
});
