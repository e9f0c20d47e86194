import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

/** What stands for a value that a preview does not know yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("checking ownership rules", () => {
  let stack: OwnershipStack;
  beforeEach(() => {
    stack = new OwnershipStack(seedFindings({ count: 10 }));
  });
  const rule = (more: Record<string, unknown> = {}) => ({
    name: "a",
    query: "team:a",
    assignee: stack.email(0),
    ...more,
  });
  const fallback = () => ({ name: "rest", query: "*", assignee: stack.email(1) });

  it("shows with the plan which rule has an owner whom Datadog does not know, and who was probably meant", async () => {
    const wrong = stack.email(0).replace("moreau", "moraeu");
    const { failures } = await stack.check("security", {
      rules: [fallback(), rule({ query: "*", name: "all", assignee: wrong })].reverse(),
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["rules[1]"],
    );
    await stack.check("security", { rules: [rule({ query: "@status:open", assignee: wrong }), fallback()] });
    assert.match(
      stack.printed.join("\n"),
      /\n {2}warning: 7 findings will fail \(.*, and 4 more\): rule "a": .*ada\.moraeu@example\.com.*ada\.moreau/,
    );
  });

  it("names the rule whose query Datadog refuses, also where the combined query was refused", async () => {
    // Well-formed, and beyond the emulator.
    const { failures } = await stack.check("security", {
      scope: "@status:open",
      rules: [rule(), { ...rule(), name: "b", query: "@score:>abc" }, fallback()],
    });
    assert.deepEqual(failures, [
      {
        property: "rules[1].query",
        reason:
          'rules[1].query: rule "b": Datadog refuses this query: Bad Request: invalid query: comparisons and ranges are of numbers: >5, <=0.5, [1 TO 9], [1 TO *] at position 7',
      },
    ]);
  });

  it("warns once of what is probably not meant, unless the program has told it of its file", async () => {
    const rules = [rule({ query: "team:a or team:b" })];
    await stack.up({ rules });
    const warnings = () => stack.printed.filter((line) => line.startsWith("security: warning: "));
    assert.equal(warnings().length, 2, stack.printed.join("\n"));
    assert.match(warnings()[0] ?? "", /rules\[0\]\.query: "or" is a word to search for: the operator is OR/);
    assert.match(warnings()[1] ?? "", /rules: no rule matches everything/);
    stack.printed.length = 0;
    await stack.up({ rules, fromFile: true });
    assert.deepEqual(warnings(), []);
  });

  describe("while a preview does not know all of them", () => {
    it("checks what is known, and says that up makes the plan", async () => {
      const { failures } = await stack.check("security", {
        exclude: UNKNOWN,
        maxChanges: UNKNOWN,
        rules: [rule({ query: "team:(x OR", overwrit: true, assignee: UNKNOWN }), UNKNOWN, rule()],
        scop: "*",
      });
      assert.deepEqual(failures.map(({ property }) => property).sort(), [
        "rules[0].overwrit",
        "rules[0].query",
        "rules[2].name",
        "scop",
      ]);
      assert.equal(stack.emulator.requests.count(), 0);
      const known = await stack.check("security", {
        exclude: ["x", UNKNOWN, UNKNOWN],
        rules: [rule(), fallback()],
      });
      assert.deepEqual(known.failures, []);
      assert.deepEqual(stack.printed, ["security: pulumi up makes the plan, since exclude is not known yet"]);
      assert.deepEqual(known.inputs.exclude, ["x", UNKNOWN, UNKNOWN]);
    });

    it("says nothing of what is not known", async () => {
      for (const args of [
        { rules: UNKNOWN },
        { rules: [UNKNOWN, UNKNOWN] },
        { rules: [rule({ name: UNKNOWN }), rule({ query: UNKNOWN, name: "b" })] },
        { rules: [rule({ note: UNKNOWN, overwrite: UNKNOWN })], scope: UNKNOWN, onDelete: UNKNOWN },
      ]) {
        assert.deepEqual((await stack.check("security", args)).failures, [], JSON.stringify(args));
      }
      assert.ok(
        stack.printed.every((line) => line.includes("not known yet")),
        stack.printed.join("\n"),
      );
    });
  });

  it("a note that changes alone is no change, and stands in no output", async () => {
    await stack.up({ rules: [{ ...fallback(), note: "as agreed in March" }] });
    assert.ok(!JSON.stringify(stack.outputs).includes("March"));
    const again = await stack.up({ rules: [{ ...fallback(), note: "as agreed in April" }] });
    assert.equal(again.changed, false);
  });

  it("says as the first line of a preview that the keys are refused", async () => {
    stack = new OwnershipStack(seedFindings({ count: 10 }), {
      keys: [{ apiKey: "another", appKey: "another" }],
    });
    const rules = [rule({ query: "team:a or team:b", assignee: stack.idOf(stack.email(0)) })];
    await stack.preview({ rules });
    assert.match(
      stack.printed[0] ?? "",
      /^security: warning: no plan can be made: Datadog answered POST \S+ with 403 Forbidden; .*; pulumi up fails for the same reason$/,
    );
    assert.match(stack.printed[1] ?? "", /^security: warning: /);
  });
});
