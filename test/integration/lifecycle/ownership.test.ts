import assert from "node:assert/strict";
import { type EmulatedFinding, seedFindings, TEAMS } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

function ownersOf(stack: OwnershipStack, findings: readonly EmulatedFinding[]): (string | null)[] {
  return findings.map(({ id }) => stack.emulator.ownerOf(id));
}

const teams = TEAMS.slice(0, 3);

describe("FindingsOwnership on the emulator", () => {
  const rulesFor = (stack: OwnershipStack) => [
    ...teams.map((team, index) => ({ name: team, query: `team:${team}`, assignee: stack.email(index) })),
    { name: "rest", query: "*", assignee: stack.email(5) },
  ];

  it("assigns by the first rule that matches, and a second deployment has nothing to do", async () => {
    const findings = seedFindings({ count: 300 });
    const stack = new OwnershipStack(findings);
    await stack.up({ rules: rulesFor(stack) });
    for (const finding of findings) {
      const index = teams.findIndex((team) => finding.tags.includes(`team:${team}`));
      assert.equal(stack.emulator.ownerOf(finding.id), stack.idOf(stack.email(index < 0 ? 5 : index)));
    }
    stack.emulator.requests.reset();
    assert.equal((await stack.up({ rules: rulesFor(stack) })).changed, false);
    assert.ok(stack.emulator.requests.count() <= 3);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
  });

  it("a preview changes nothing and tells what up then does", async () => {
    const findings = seedFindings({ count: 50 });
    const stack = new OwnershipStack(findings);
    const rules = [{ name: "all", query: "*", assignee: stack.email(0) }];
    await stack.preview({ rules });
    assert.ok(ownersOf(stack, findings).every((owner) => owner === null));
    const told = [...stack.printed];
    assert.ok(
      told.some((line) => /all -> .*: 50 findings, 50 from nobody/.test(line)),
      told.join("\n"),
    );
    stack.printed.length = 0;
    await stack.up({ rules });
    const result = "security: 50 findings assigned: 50 to Ada Moreau <ada.moreau@example.com>";
    assert.deepEqual(stack.printed, [...told, result]);
    assert.equal(stack.outputs?.total, 50);
  });

  it("leaves alone what a person gave to somebody else, unless it overwrites", async () => {
    const findings = seedFindings({ count: 20 });
    const stack = new OwnershipStack(findings);
    const somebody = stack.idOf(stack.email(3));
    const [taken] = findings;
    stack.emulator.reassignByHand(taken?.id ?? "", somebody);
    const rule = { name: "all", query: "*", assignee: stack.email(0) };
    await stack.up({ rules: [rule] });
    assert.equal(stack.emulator.ownerOf(taken?.id ?? ""), somebody);
    assert.ok(stack.printed.some((line) => line.includes("1 finding left alone, owned by others")));
    await stack.up({ rules: [{ ...rule, overwrite: true }] });
    assert.ok(ownersOf(stack, findings).every((owner) => owner === stack.idOf(stack.email(0))));
  });

  it("hands over what a rule had given away when its owner changes, without overwrite", async () => {
    const findings = seedFindings({ count: 20 });
    const stack = new OwnershipStack(findings);
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(1) }] });
    assert.ok(ownersOf(stack, findings).every((owner) => owner === stack.idOf(stack.email(1))));
  });

  it("refuses more than maxChanges before the first PATCH", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 20 }));
    const rules = [{ name: "all", query: "*", assignee: stack.email(0) }];
    await assert.rejects(
      stack.up({ rules, maxChanges: 19 }),
      /refused: 20 findings would change, but maxChanges is 19; /,
    );
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
    await stack.up({ rules, maxChanges: 20 });
    assert.equal(stack.outputs?.total, 20);
  });

  it("never touches an excluded finding, or one outside of the scope", async () => {
    const findings = seedFindings({ count: 200 });
    const stack = new OwnershipStack(findings);
    const exclude = findings.slice(0, 5).map(({ id }) => id);
    await stack.up({
      rules: [{ name: "all", query: "*", assignee: stack.email(0) }],
      scope: "@status:open",
      exclude,
    });
    for (const { id, status } of findings) {
      const expected = status === "open" && !exclude.includes(id) ? stack.idOf(stack.email(0)) : null;
      assert.equal(stack.emulator.ownerOf(id), expected);
    }
  });

  it("releases on delete what matches a rule and still belongs to its owner, unless it is to keep", async () => {
    const findings = seedFindings({ count: 150 });
    const [taken] = findings;
    for (const onDelete of ["unassign", "keep"]) {
      const stack = new OwnershipStack(findings);
      await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }], onDelete });
      await stack.wait(2_000);
      stack.emulator.reassignByHand(taken?.id ?? "", stack.idOf(stack.email(3)));
      await stack.destroy();
      assert.equal(stack.emulator.ownerOf(taken?.id ?? ""), stack.idOf(stack.email(3)));
      const left = onDelete === "keep" ? stack.idOf(stack.email(0)) : null;
      assert.ok(ownersOf(stack, findings.slice(1)).every((owner) => owner === left));
    }
  });

  it("releases nothing of a rule taken out of the list, unless releaseRemoved", async () => {
    const findings = seedFindings({ count: 100 });
    for (const releaseRemoved of [false, true]) {
      const stack = new OwnershipStack(findings);
      const rules = teams.map((team, index) => ({
        name: team,
        query: `team:${team}`,
        assignee: stack.email(index),
      }));
      await stack.up({ rules, releaseRemoved });
      await stack.up({ rules: rules.slice(1), releaseRemoved });
      const removed = findings.filter(({ tags }) => tags.includes(`team:${teams[0]}`));
      const left = releaseRemoved ? null : stack.idOf(stack.email(0));
      assert.ok(removed.length > 0);
      assert.ok(ownersOf(stack, removed).every((owner) => owner === left));
    }
  });

  it("says why it makes no plan where the keys may not search", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 10 }), {
      keys: [{ apiKey: "emulator-api-key", appKey: "emulator-app-key", permissions: ["write", "users"] }],
    });
    const before = stack.printed.length;
    await stack.preview({ rules: [{ name: "all", query: "*", assignee: stack.idOf(stack.email(0)) }] });
    assert.match(
      stack.printed.slice(before).join("\n"),
      /^security: warning: no plan can be made: .*403.*security_monitoring_findings_read.*; pulumi up fails for the same reason/,
    );
  });

  it("needs at most 25 requests where 100,000 findings and 20 rules have nothing to do, and a state under 20 kB; 300 new findings for 5 rules at most 25 and 5 pages and 8 PATCHes", async () => {
    const seeded = seedFindings({
      count: 100_300,
      teams: Array.from({ length: 20 }, (_, index) => `t${index}`),
    });
    const stack = new OwnershipStack([]);
    const rules = Array.from({ length: 20 }, (_, index) => ({
      name: `t${index}`,
      query: `team:t${index}`,
      assignee: stack.email(index % 8),
      note: "the team's own findings",
    }));
    const owner = (finding: EmulatedFinding) => {
      const index = rules.findIndex(({ name }) => finding.tags.includes(`team:${name}`));
      return stack.idOf(rules[index]?.assignee ?? "");
    };
    const known = seeded.slice(0, 100_000).map((finding) => ({ ...finding, assigneeId: owner(finding) }));
    stack.emulator.addFindings(known);
    await stack.up({ rules });
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);

    stack.emulator.requests.reset();
    assert.equal((await stack.up({ rules })).changed, false);
    assert.ok(stack.emulator.requests.count() <= 25, `${stack.emulator.requests.count()} requests`);
    assert.ok(JSON.stringify([{ rules }, stack.outputs]).length < 20_000);

    const fresh = seeded
      .slice(100_000)
      .map((finding, index) => ({ ...finding, tags: [`team:t${index % 5}`] }));
    stack.emulator.addFindings(fresh);
    stack.emulator.requests.reset();
    await stack.up({ rules });
    for (const finding of fresh) assert.equal(stack.emulator.ownerOf(finding.id), owner(finding));
    const patches = stack.emulator.requests.count({ family: "assignee" });
    assert.ok(patches <= 8, `${patches} PATCHes`);
    const total = stack.emulator.requests.count();
    assert.ok(total - patches <= 30, `${total - patches} other requests`);
  });

  for (const { length, overwrite, atMost } of [
    { length: 95, overwrite: false, atMost: 4 },
    { length: 150, overwrite: true, atMost: 5 },
    { length: 260, overwrite: true, atMost: 7 },
  ]) {
    it(`20 rules of ${length} characters${overwrite ? ", half of them with overwrite," : ""} and nothing to do take at most ${atMost} requests; 300 new findings for 5 of them stay within the same bounds`, async () => {
      const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
      const seeded = seedFindings({ count: 2_300, teams: names });
      const stack = new OwnershipStack([]);
      const rules = names.map((name, index) => ({
        name,
        query: longQuery(name, length),
        assignee: stack.email(index % 8),
        overwrite: overwrite && index % 2 === 0,
      }));
      const owner = ({ tags }: EmulatedFinding) =>
        stack.idOf(rules.find(({ name }) => tags.includes(`team:${name}`))?.assignee ?? "");
      stack.emulator.addFindings(
        seeded.slice(0, 2_000).map((finding) => ({ ...finding, assigneeId: owner(finding) })),
      );
      await stack.up({ rules });
      stack.emulator.requests.reset();
      assert.equal((await stack.up({ rules })).changed, false);
      const { requests } = stack.emulator;
      assert.ok(requests.count() <= atMost, `${requests.count()} requests`);
      for (const { query = "" } of requests) assert.ok(query.length <= 8_000, `${query.length} characters`);

      const fresh = seeded
        .slice(2_000)
        .map((finding, index) => ({ ...finding, tags: [`team:t${(index % 5) * 4}`] }));
      stack.emulator.addFindings(fresh);
      requests.reset();
      await stack.up({ rules });
      for (const finding of fresh) assert.equal(stack.emulator.ownerOf(finding.id), owner(finding));
      const patches = requests.count({ family: "assignee" });
      assert.ok(patches <= 8, `${patches} PATCHes`);
      assert.ok(requests.count() - patches <= 30, `${requests.count() - patches} other requests`);
    });
  }
});

/** A rule's query of about so many characters. */
function longQuery(team: string, length: number): string {
  let query = `team:${team} -env:(sandbox`;
  for (let index = 0; query.length < length - 1; index++) query += ` OR retired-${index}`;
  return `${query})`;
}
