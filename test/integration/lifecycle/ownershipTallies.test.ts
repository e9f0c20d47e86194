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
      stack.printed.includes(`  ${unowned} findings stay unowned: no rule claims them`),
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
    await assert.rejects(
      stack.preview({ rules, maxChanges: 10 }),
      /refused: more than 300 findings would change, but maxChanges is 10; /,
    );
    const printed = stack.printed.join("\n");
    for (const team of ["a", "b", "c"]) {
      assert.match(
        printed,
        new RegExp(`${team} -> .*: more than 100 findings, 100 from nobody, the rest not counted`),
      );
    }
    assert.match(printed, /1 rule has nothing to do/);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
  });

  it("says 1 finding and 1 rule, and findings and rules of more", async () => {
    const findings = seedFindings({ count: 6, teams: ["a"] });
    const [one, two] = findings;
    const stack = new OwnershipStack(findings);
    for (const { id } of findings.slice(2)) stack.emulator.reassignByHand(id, stack.idOf(stack.email(3)));
    const rule = { name: "one", query: `@finding_id:"${one?.id}"`, assignee: stack.email(0) };
    await stack.up({ rules: [rule] });
    assert.ok(stack.printed.includes("security: 1 finding to change by 1 rule"), stack.printed.join("\n"));
    assert.ok(
      stack.printed.includes("  1 finding stays unowned: no rule claims it"),
      stack.printed.join("\n"),
    );
    const other = { name: "two", query: `@finding_id:"${two?.id}"`, assignee: stack.email(1) };
    await stack.up({ rules: [rule, other] });
    assert.ok(stack.printed.includes("security: 1 finding to change by 2 rules"), stack.printed.join("\n"));
    assert.ok(stack.printed.includes("  1 rule has nothing to do"), stack.printed.join("\n"));
  });

  it("does not say of a rule whose findings will fail that it has nothing to do", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 40, teams: ["a", "b"] }));
    const rules = [
      { name: "a", query: "team:a", assignee: "nobody-there@example.com" },
      { name: "b", query: "team:b", assignee: stack.email(0) },
    ];
    await stack.preview({ rules });
    const printed = stack.printed.join("\n");
    assert.match(printed, /warning: 18 findings will fail \(.*\): rule "a"/);
    assert.doesNotMatch(printed, /nothing to do/);
  });

  it("counts the findings of several rules as those of one resource while they are assigned", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 600, teams: ["a", "b"] }), { latencyMs: 3_000 });
    const rules = ["a", "b"].map((team, index) => ({
      name: team,
      query: `team:${team}`,
      assignee: stack.email(index),
    }));
    await stack.up({ rules });
    const progress = stack.printed.filter((line) => / of .* findings assigned/.test(line));
    assert.ok(progress.length > 0, stack.printed.join("\n"));
    for (const line of progress) assert.match(line, /^security: /);
  });
});
