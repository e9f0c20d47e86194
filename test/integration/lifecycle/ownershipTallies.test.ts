import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

describe("what an ownership plan counts", () => {
  it("leaves excluded findings out of every count, also where they are too many for a query", async () => {
    const findings = seedFindings({ count: 500 });
    const stack = new OwnershipStack(findings);
    const exclude = findings.slice(0, 300).map(({ id }) => id);
    for (const id of exclude.slice(0, 250)) stack.emulator.reassignByHand(id, stack.idOf(stack.email(3)));
    const unowned = findings.slice(300).filter(({ status }) => status !== "open").length;
    const args = { rules: [{ name: "open", query: "@status:open", assignee: stack.email(0) }], exclude };
    await stack.up(args);
    assert.ok(!stack.printed.some((line) => line.includes("left alone")), stack.printed.join("\n"));
    assert.ok(
      stack.printed.includes(`  ${unowned} stay unowned: no rule claims them`),
      stack.printed.join("\n"),
    );
    assert.equal(stack.outputs?.unowned, unowned);
  });

  it("takes a page for each 100 excluded findings that match, and no more, where only those are not as declared", async () => {
    const findings = seedFindings({ count: 2_000 });
    const stack = new OwnershipStack(findings);
    const exclude = findings.slice(0, 1_000).map(({ id }) => id);
    for (const id of exclude) stack.emulator.reassignByHand(id, stack.idOf(stack.email(3)));
    const args = { rules: [{ name: "all", query: "*", assignee: stack.email(0), overwrite: true }], exclude };
    await stack.up(args);
    stack.emulator.requests.reset();
    assert.equal((await stack.up(args)).changed, false);
    assert.equal(stack.emulator.requests.count(), 10);
  });

  it("shows the first page of every rule, also where an earlier one is over maxChanges already", async () => {
    const findings = seedFindings({ count: 600, teams: ["a", "b", "c"] });
    const stack = new OwnershipStack(findings);
    const rules = [
      ...["a", "b", "c"].map((team, index) => ({
        name: team,
        query: `team:${team}`,
        assignee: stack.email(index),
      })),
      { name: "none", query: "team:none", assignee: stack.email(0) },
    ];
    await stack.preview({ rules, maxChanges: 10 });
    const printed = stack.printed.join("\n");
    for (const team of ["a", "b", "c"]) {
      assert.match(
        printed,
        new RegExp(`${team} -> .*: more than 100 findings, 100 from nobody, the rest not counted`),
      );
    }
    assert.match(printed, /1 rules have nothing to do/);
    assert.match(printed, /refused.*more than 300 findings would change, and maxChanges is 10/);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
  });
});
