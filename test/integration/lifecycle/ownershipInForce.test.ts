import assert from "node:assert/strict";
import { type EmulatedFinding, seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const DAY_MS = 86_400_000;

describe("rules that are not always in force", () => {
  const findings = seedFindings({ count: 60, teams: ["a", "b"] });
  const ofTeam = (team: string) => findings.filter(({ tags }) => tags.includes(`team:${team}`));

  function counted(stack: OwnershipStack, of: readonly EmulatedFinding[], email: string | undefined): number {
    const owner = email === undefined ? null : stack.idOf(email);
    return of.filter(({ id }) => stack.emulator.ownerOf(id) === owner).length;
  }

  const dayAfter = (stack: OwnershipStack, days: number) =>
    new Date(stack.clock.now() + days * DAY_MS).toISOString().slice(0, 10);

  it("a rule that is switched off takes nothing, and a later rule gets what it matches", async () => {
    const stack = new OwnershipStack(findings);
    const off = { name: "a", query: "team:a", assignee: stack.email(0), enabled: false };
    const rest = { name: "rest", query: "*", assignee: stack.email(1) };
    await stack.up({ rules: [off, rest] });
    assert.equal(counted(stack, findings, stack.email(1)), findings.length);
  });

  it("a rule whose last day is over hands over to the next rule, without any change of the program", async () => {
    const stack = new OwnershipStack(findings);
    const rules = [
      { name: "a", query: "team:a", assignee: stack.email(0), until: dayAfter(stack, 20) },
      { name: "rest", query: "*", assignee: stack.email(1) },
    ];
    await stack.up({ rules });
    assert.equal(counted(stack, ofTeam("a"), stack.email(0)), ofTeam("a").length);
    await stack.clock.run(stack.clock.sleep(20 * DAY_MS));
    assert.equal((await stack.up({ rules })).changed, false);
    await stack.clock.run(stack.clock.sleep(DAY_MS));
    assert.equal((await stack.up({ rules })).changed, true);
    assert.equal(counted(stack, findings, stack.email(1)), findings.length);
    assert.equal((await stack.up({ rules })).changed, false);
  });

  it("where the only rule ends, releaseRemoved releases its findings; without it they stay", async () => {
    for (const releaseRemoved of [true, false]) {
      const stack = new OwnershipStack(findings);
      const until = dayAfter(stack, 1);
      const program = {
        rules: [{ name: "a", query: "team:a", assignee: stack.email(0), until }],
        releaseRemoved,
      };
      await stack.up(program);
      await stack.clock.run(stack.clock.sleep(2 * DAY_MS));
      await stack.up(program);
      const owner = releaseRemoved ? undefined : stack.email(0);
      assert.equal(counted(stack, ofTeam("a"), owner), ofTeam("a").length, String(releaseRemoved));
      assert.equal((await stack.up(program)).changed, false);
    }
  });

  it("the check warns from two weeks before the last day, and of a day in the past", async () => {
    const stack = new OwnershipStack(findings);
    const rule = { name: "a", query: "*", assignee: stack.email(0) };
    const warnings = async (until: string) => {
      stack.printed.length = 0;
      const { failures } = await stack.check("security", { rules: [{ ...rule, until }] });
      assert.deepEqual(failures, []);
      return stack.printed.filter((line) => line.includes("warning"));
    };
    assert.deepEqual(await warnings(dayAfter(stack, 15)), []);
    assert.match((await warnings(dayAfter(stack, 14)))[0] ?? "", /rule "a" ends on \S+, in 14 days/);
    assert.match(
      (await warnings(dayAfter(stack, -1)))[0] ?? "",
      /rule "a" ended on \S+ and counts as taken out/,
    );
  });

  it("types of findings select as the query of Datadog's search does", async () => {
    const stack = new OwnershipStack(findings);
    const secrets = findings.filter(({ type, tags }) => type === "secret" && tags.includes("team:a"));
    assert.ok(secrets.length > 0);
    const rule = { name: "secrets", findingTypes: ["secret"], query: "team:a", assignee: stack.email(0) };
    await stack.up({ rules: [rule] });
    assert.equal(counted(stack, secrets, stack.email(0)), secrets.length);
    assert.equal(counted(stack, findings, stack.email(0)), secrets.length);
  });

  it("a rule with neither a query nor types is refused", async () => {
    const stack = new OwnershipStack(findings);
    const { failures } = await stack.check("security", { rules: [{ name: "a", assignee: stack.email(0) }] });
    assert.equal(failures.length, 1);
    assert.match(
      failures[0]?.reason ?? "",
      /^rules\[0\]\.query: "query" is missing: .*Or name findingTypes$/,
    );
  });
});
