import assert from "node:assert/strict";
import { SEARCH_TRUST_MS } from "../../../provider/ownership/searchLag";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 60, teams: ["a", "b"] });
const some = findings.slice(0, 5).map(({ id }) => id);

describe("rules that shrink", () => {
  let stack: OwnershipStack;
  const rule = (more: object = {}) => ({ name: "all", query: "*", assignee: stack.email(0), ...more });
  const shrunk = (): Record<string, { args: Record<string, unknown>; left: (index: number) => boolean }> => ({
    "another query": { args: { rules: [rule({ query: "team:a" })] }, left: (index) => !hasTeam(index, "a") },
    "a narrower scope": { args: { rules: [rule()], scope: "team:a" }, left: (index) => !hasTeam(index, "a") },
    "a longer exclude": { args: { rules: [rule()], exclude: some }, left: (index) => index < 5 },
    "no rule for them": {
      args: { rules: [{ name: "b", query: "team:b", assignee: stack.email(1) }] },
      left: (index) => !hasTeam(index, "b"),
    },
  });
  const hasTeam = (index: number, team: string) => findings[index]?.tags.includes(`team:${team}`) === true;
  const ownersOf = (which: (index: number) => boolean) =>
    findings.filter((_, index) => which(index)).map(({ id }) => stack.emulator.ownerOf(id));
  /** 15 minutes after a change the search is believed: an update looks once more, and sends nothing. */
  const lookedOnceMore = async (args: Record<string, unknown>) => {
    await stack.wait(SEARCH_TRUST_MS);
    const before = stack.emulator.requests.count({ family: "assignee" });
    assert.equal((await stack.up(args)).changed, true);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), before);
  };
  beforeEach(async () => {
    stack = new OwnershipStack(findings);
    await stack.up({ rules: [rule()] });
    await stack.wait(SEARCH_TRUST_MS);
  });

  for (const what of ["another query", "a narrower scope", "a longer exclude", "no rule for them"]) {
    it(`release with releaseRemoved what no rule claims any more: ${what}`, async () => {
      const { args, left } = shrunk()[what] ?? assert.fail();
      await stack.up({ ...args, releaseRemoved: true });
      assert.ok(ownersOf(left).length > 0);
      assert.ok(ownersOf(left).every((owner) => owner === null));
      assert.ok(ownersOf((index) => !left(index)).every((owner) => owner !== null));
      assert.equal((await stack.up({ ...args, releaseRemoved: true })).changed, false);
      await lookedOnceMore({ ...args, releaseRemoved: true });
      assert.equal(stack.outputs?.former, undefined);
      stack.emulator.requests.reset();
      assert.equal((await stack.up({ ...args, releaseRemoved: true })).changed, false);
      assert.ok(stack.emulator.requests.count() <= 3);
    });

    it(`say without it how many stay with whom, and a destroy releases those too: ${what}`, async () => {
      const { args, left } = shrunk()[what] ?? assert.fail();
      await stack.up(args);
      const { length } = ownersOf(left);
      const name = stack.emulator.users.find(({ email }) => email === stack.email(0))?.name;
      const told =
        what === "a longer exclude"
          ? `  ${length} findings that these rules gave to ${name} are excluded now: these rules leave them alone`
          : `  ${length} findings stay with ${name}, though no rule claims them any more; set releaseRemoved: true to release them`;
      assert.ok(stack.printed.includes(told), stack.printed.join("\n"));
      assert.ok(ownersOf(left).every((owner) => owner === stack.idOf(stack.email(0))));
      stack.emulator.requests.reset();
      assert.equal((await stack.up(args)).changed, false);
      assert.ok(stack.emulator.requests.count() <= 3);
      await stack.wait(SEARCH_TRUST_MS);
      await stack.destroy();
      assert.ok(ownersOf(() => true).every((owner) => owner === null));
    });
  }

  it("to another owner hand over everything: nothing is left, and no version is kept in the end", async () => {
    const args = { rules: [rule({ assignee: stack.email(1) })] };
    await stack.up(args);
    assert.ok(ownersOf(() => true).every((owner) => owner === stack.idOf(stack.email(1))));
    await lookedOnceMore(args);
    assert.equal(stack.outputs?.former, undefined);
    assert.ok(!stack.printed.some((line) => line.includes("no rule claims them any more")));
  });

  it("release nothing that somebody else has got since, or that another resource of the program declares", async () => {
    const [given = "", pinned = "", ...rest] = some;
    stack.emulator.reassignByHand(given, stack.idOf(stack.email(3)));
    await stack.deploy({
      security: { rules: [rule()], exclude: some, releaseRemoved: true },
      pins: { findingIds: [pinned], assignee: stack.email(0) },
    });
    assert.equal(stack.emulator.ownerOf(given), stack.idOf(stack.email(3)));
    assert.equal(stack.emulator.ownerOf(pinned), stack.idOf(stack.email(0)));
    assert.ok(rest.every((id) => stack.emulator.ownerOf(id) === null));
  });

  it("leave what somebody gave to a former owner after they changed, also long after, and in a destroy", async () => {
    const args = { rules: [rule({ query: "team:a", assignee: stack.email(1) })] };
    const theirs = findings.find((_, index) => !hasTeam(index, "a"))?.id ?? assert.fail();
    await stack.up(args);
    await stack.wait(60_000);
    stack.emulator.reassignByHand(theirs, stack.idOf(stack.email(3)));
    stack.emulator.reassignByHand(theirs, stack.idOf(stack.email(0)));
    await stack.wait(60_000);
    for (const minutes of [0, 16, 16]) {
      await stack.wait(minutes * 60_000);
      await stack.up({ ...args, releaseRemoved: true });
      assert.equal(stack.emulator.ownerOf(theirs), stack.idOf(stack.email(0)));
    }
    await stack.destroy();
    const left = ownersOf(() => true).filter((owner) => owner !== null);
    assert.deepEqual(left, [stack.idOf(stack.email(0))]);
  });

  it("keep every version that still holds something, each once, in a state below 20 kB for 20 rules", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const many = seedFindings({ count: 200, teams: names });
    stack = new OwnershipStack(many);
    const rules = names.map((name, index) => ({
      name,
      query: `@severity:(critical OR high OR medium OR low OR info) team:${name} -env:(sandbox OR retired OR test)`,
      assignee: stack.email(index % 8),
    }));
    for (let gone = 0; gone < 6; gone++) {
      await stack.up({ rules: rules.slice(gone) });
      await stack.wait(SEARCH_TRUST_MS);
      await stack.up({ rules: rules.slice(gone) });
    }
    const size = JSON.stringify([{ rules }, stack.outputs]).length;
    assert.ok(size < 20_000, `${size} characters`);
    await stack.destroy();
    assert.ok([...stack.emulator.owners().values()].every((owner) => owner === null));
  });

  it("for which the state has no room say which is forgotten", async () => {
    for (let version = 0; version < 10; version++) {
      await stack.up({ rules: [rule({ query: `@finding_id:"${findings[version]?.id}"` })] });
      await stack.wait(SEARCH_TRUST_MS);
    }
    assert.match(
      stack.printed.join("\n"),
      /warning: the state has room for 8 earlier versions of these rules only; /,
    );
  });
});
