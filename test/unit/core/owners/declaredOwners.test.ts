import assert from "node:assert/strict";
import {
  type DeclaredOwners,
  ownersKey,
  ownersLabel,
  ownersProblems,
  ruleOwners,
  writtenOwners,
} from "../../../../provider/rules/declaredOwners";

const ADA = "ada@example.com";
const BOB = "bob@example.com";

const problems = (declared: DeclaredOwners) =>
  ownersProblems(declared).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("the owners of a rule", () => {
  it("are one or a list, with a weight each, spread and kept unless something else is said", () => {
    assert.deepEqual(ruleOwners({ assignee: ADA }), {
      owners: [{ owner: { kind: "user", user: ADA }, weight: 1 }],
      pick: "spread",
      handOver: "keep",
    });
    const list = [ADA, { assignee: "team:payments", weight: 2 }];
    assert.deepEqual(
      ruleOwners({ assignees: list }).owners.map(({ weight }) => weight),
      [1, 2],
    );
  });

  it("are told in a few words", () => {
    const label = (declared: DeclaredOwners) => ownersLabel(ruleOwners(declared));
    assert.equal(label({ assignee: "none" }), "none");
    assert.equal(label({ assignee: "on-call:payments" }), "on-call:payments");
    assert.equal(label({ assignees: [ADA, BOB, "team:payments"] }), `${ADA}, ${BOB} and team:payments`);
    assert.equal(label({ assignees: [ADA, "team:payments"], pick: "first" }), `${ADA} or else team:payments`);
  });

  it("are others with another pick, hand-over, weight or order, and the same in capitals", () => {
    const key = (declared: DeclaredOwners) => ownersKey(ruleOwners(declared));
    assert.equal(key({ assignee: "ADA@example.com" }), key({ assignee: ADA }));
    const different = [
      { assignees: [ADA, BOB] },
      { assignees: [BOB, ADA] },
      { assignees: [ADA, BOB], pick: "first" },
      { assignees: [ADA, { assignee: BOB, weight: 2 }] },
      { assignee: "on-call:payments" },
      { assignee: "on-call:payments", handOver: "move" },
    ] as const;
    assert.equal(new Set(different.map(key)).size, different.length);
  });

  it("can be written down again", () => {
    for (const declared of [
      { assignee: ADA },
      { assignees: [ADA, { assignee: "team:payments", weight: 2 }] },
      { assignees: [ADA], pick: "first" },
      { assignee: "on-call:payments", handOver: "move" },
      { assignee: "none" },
    ] as const) {
      assert.deepEqual(writtenOwners(ruleOwners(declared)), declared);
    }
  });

  it("are right in each form of the table", () => {
    for (const declared of [
      { assignee: ADA },
      { assignees: [ADA, BOB], pick: "spread" },
      { assignees: [ADA, "team:payments"], pick: "first" },
      { assignees: [{ assignee: ADA, weight: 0.5 }, BOB] },
      { assignee: "team:payments" },
      { assignee: "on-call:payments", handOver: "move" },
      { assignee: "none" },
    ] as const) {
      assert.deepEqual(problems(declared), []);
    }
  });

  it("are one or the other, and not nobody at all", () => {
    assert.deepEqual(problems({ assignee: ADA, assignees: [BOB] }), [
      "assignees: a rule has either assignee or assignees: take one of the two out",
    ]);
    assert.match(problems({}).join(), /^assignee: an owner is needed/);
    assert.match(problems({ assignees: [] }).join(), /^assignees: an owner is needed/);
  });

  it("are told each by its place", () => {
    assert.deepEqual(problems({ assignees: [ADA, "undefined", "ADA@EXAMPLE.COM", { assignee: "none" }] }), [
      'assignees.1: "undefined" is not an owner: the UUID, e-mail or handle of a Datadog user is needed; a program wrote this where ' +
        "it had no value",
      'assignees.2: "ADA@EXAMPLE.COM" is named twice: take one out, or use a weight to give it more findings',
      "assignees.3.assignee: none stands alone: a rule has owners, or leaves its findings alone",
    ]);
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.match(problems({ assignees: [{ assignee: ADA, weight }, BOB] }).join(), /^assignees\.0\.weight/);
    }
  });

  it("have no options that say nothing", () => {
    assert.deepEqual(problems({ assignee: ADA, pick: "first", handOver: "move" }), [
      "pick: pick needs assignees, a list of owners",
      "handOver: handOver needs an owner on-call:HANDLE",
    ]);
    assert.match(
      problems({ assignees: [ADA, { assignee: BOB, weight: 2 }], pick: "first" }).join(),
      /^pick: weights need pick: spread/,
    );
  });
});
