import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../../provider/core/ownerJudgement";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const teams = ["a", "b"];

/** Deployments in a hurry: the search shows each change of an owner only after a while. */
function hurried(count: number): { stack: OwnershipStack; ids: string[]; owned: () => number } {
  const findings = seedFindings({ count, teams });
  const stack = new OwnershipStack(findings, { searchLagMs: 240_000 });
  const owned = () => [...stack.emulator.owners().values()].filter((owner) => owner !== null).length;
  return { stack, ids: findings.map(({ id }) => id), owned };
}

describe("ownership while the search lags", () => {
  it("a destroy right after releases what this machine knows that it has assigned", async () => {
    const { stack, owned } = hurried(150);
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    await stack.wait(40_000);
    await stack.destroy();
    assert.equal(owned(), 0);
    assert.ok(stack.printed.includes("security: 150 findings released"), stack.printed.join("\n"));
    assert.ok(!stack.printed.some((line) => line.includes("warning")), stack.printed.join("\n"));
  });

  it("a destroy right after asks once more only for what the search did not show", async () => {
    for (const [searchLagMs, searches] of [
      [0, 2],
      [240_000, 3],
    ] as const) {
      const { stack, owned } = hurried(150);
      stack.emulator.settings.searchLagMs = searchLagMs;
      await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
      stack.emulator.requests.reset();
      await stack.destroy();
      assert.equal(owned(), 0);
      assert.equal(stack.emulator.requests.count({ family: "search" }), searches);
    }
  });

  it("it leaves alone what somebody has given to another user since, and what no rule matches", async () => {
    const { stack, ids, owned } = hurried(20);
    const [foreign = "", other = ""] = ids;
    stack.emulator.settings.searchLagMs = (id: string) => (id === foreign ? 0 : 240_000);
    await stack.deploy({
      security: { rules: [{ name: "all", query: `-@finding_id:"${other}"`, assignee: stack.email(0) }] },
      pins: { findingIds: [other], assignee: stack.email(0) },
    });
    await stack.wait(40_000);
    stack.emulator.reassignByHand(foreign, stack.idOf(stack.email(3)));
    await stack.deploy({ pins: { findingIds: [other], assignee: stack.email(0) } });
    assert.equal(owned(), 2);
    assert.equal(stack.emulator.ownerOf(foreign), stack.idOf(stack.email(3)));
    assert.equal(stack.emulator.ownerOf(other), stack.idOf(stack.email(0)));
  });

  it("on another machine it says what may stay, and what to do", async () => {
    const { stack, owned } = hurried(30);
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    await stack.wait(40_000);
    await stack.destroy();
    assert.equal(owned(), 30);
    const warning = stack.printed.find((line) => line.includes("warning"));
    assert.match(
      warning ?? "",
      /assigned findings 40 s ago, and for another 260 s the search may not show it/,
    );
    assert.match(warning ?? "", /run pulumi up with these rules again and delete them later/);
  });

  it("a rename right after releases nothing", async () => {
    const { stack, owned } = hurried(30);
    const rules = teams.map((team, index) => ({
      name: team,
      query: `team:${team}`,
      assignee: stack.email(index),
    }));
    await stack.deploy({ security: { rules } });
    await stack.wait(10_000);
    await stack.deploy({ renamed: { rules } });
    assert.equal(owned(), 30);
  });

  for (const machine of ["same", "another"] as const) {
    it(`a rule that is taken out right after is released, if not at once then after the lag (${machine} machine)`, async () => {
      const { stack } = hurried(60);
      const rules = teams.map((team, index) => ({
        name: team,
        query: `team:${team}`,
        assignee: stack.email(index),
      }));
      const ofRule = (index: number) => {
        const owner = stack.idOf(stack.email(index));
        return [...stack.emulator.owners().values()].filter((each) => each === owner).length;
      };
      const second = async () => stack.up({ rules: rules.slice(1), releaseRemoved: true });
      await stack.up({ rules, releaseRemoved: true });
      const kept = ofRule(1);
      await stack.wait(40_000);
      await second();
      assert.equal(ofRule(0) === 0, machine === "same");
      const warned = stack.printed.some((line) =>
        /warning: these rules assigned findings 40 s ago/.test(line),
      );
      assert.equal(warned, machine === "another", stack.printed.join("\n"));

      await stack.wait(SEARCH_LAG_MS);
      await second();
      assert.equal(ofRule(0), 0);
      await stack.wait(SEARCH_LAG_MS);
      await second();
      assert.equal(stack.outputs?.former, undefined);
      stack.emulator.requests.reset();
      assert.equal((await second()).changed, false);
      assert.ok(stack.emulator.requests.count() <= 3, `${stack.emulator.requests.count()} requests`);
      assert.equal(ofRule(1), kept);
    });
  }

  it("a delete after a failed hand-over releases also what is still with the former owner", async () => {
    const findings = seedFindings({ count: 50 });
    const stack = new OwnershipStack(findings);
    const rule = { name: "all", query: "*", assignee: stack.email(0) };
    await stack.up({ rules: [rule] });
    for (const { id } of findings.slice(0, 10)) stack.emulator.failFinding(id, { status: 400 });
    await assert.rejects(stack.up({ rules: [{ ...rule, assignee: stack.email(1) }] }));
    stack.emulator.reset();
    await stack.wait(SEARCH_LAG_MS);
    await stack.destroy();
    assert.ok([...stack.emulator.owners().values()].every((owner) => owner === null));
  });

  it("what leaves a FindingsAssignment is taken by a rule in the same up, although the search shows the former owner", async () => {
    for (const owner of [0, 1]) {
      const { stack, ids, owned } = hurried(30);
      const [leaving, staying] = [ids.slice(0, 10), ids.slice(10)];
      const rules = [{ name: "all", query: "*", assignee: stack.email(owner) }];
      const pins = (findingIds: readonly string[]) => ({
        pins: { findingIds, assignee: stack.email(0) },
        security: { rules, exclude: findingIds },
      });
      await stack.deploy(pins(ids), { inOrder: true });
      await stack.wait(600_000);
      await stack.deploy(pins(staying), { inOrder: true });
      assert.equal(owned(), 30);
      assert.ok(leaving.every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(owner))));
      assert.ok(!stack.printed.join("\n").includes("left alone"), stack.printed.join("\n"));
    }
  });
});
