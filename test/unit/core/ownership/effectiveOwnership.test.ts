import assert from "node:assert/strict";
import { QuerySyntaxError } from "../../../../provider/query/querySyntaxError";
import type { DeclaredRule } from "../../../../provider/rules/declaration";
import { ruleOwners } from "../../../../provider/rules/declaredOwners";
import { effectiveOwnership } from "../../../../provider/rules/effectiveOwnership";

const assignee = "ada@example.com";

function queries(rules: readonly DeclaredRule[], today = "2026-11-26"): string[] {
  return effectiveOwnership({ rules }, today).rules.map(({ name, query }) => `${name}: ${query}`);
}

describe("effectiveOwnership", () => {
  it("a rule that is switched off is not there", () => {
    const rules = [
      { name: "off", query: "team:a", assignee, enabled: false },
      { name: "on", query: "team:b", assignee, enabled: true },
    ];
    assert.deepEqual(queries(rules), ["on: team:b"]);
  });

  it("a rule is in force through its last day in UTC, and gone the day after", () => {
    const rules = [{ name: "a", query: "team:a", assignee, until: "2026-12-31" }];
    assert.deepEqual(queries(rules, "2026-12-31"), ["a: team:a"]);
    assert.deepEqual(queries(rules, "2027-01-01"), []);
  });

  it("types of findings stand beside the query, or in its place", () => {
    const named = { name: "a", assignee };
    assert.deepEqual(
      queries([
        { ...named, findingTypes: ["secret"] },
        { ...named, findingTypes: ["secret", "attack_path", "secret"] },
        { ...named, findingTypes: ["secret"], query: "team:a OR team:b" },
        { ...named, findingTypes: ["secret", "attack_path"], query: "*" },
      ]),
      [
        "a: @finding_type:secret",
        "a: @finding_type:(secret OR attack_path)",
        "a: @finding_type:secret (team:a OR team:b)",
        "a: @finding_type:(secret OR attack_path)",
      ],
    );
    assert.throws(
      () => queries([{ ...named, findingTypes: ["secret"], query: "team:a) OR (*" }]),
      QuerySyntaxError,
    );
  });

  it("fills in the defaults, and keeps the rest as declared", () => {
    const declared = {
      rules: [{ name: "a", query: " team:a", assignee }],
      scope: "@status:open",
      maxChanges: 3,
    };
    assert.deepEqual(effectiveOwnership(declared, "2026-11-26"), {
      rules: [
        {
          name: "a",
          query: " team:a",
          assignee,
          owners: ruleOwners({ assignee }),
          overwrite: false,
          note: undefined,
        },
      ],
      scope: "@status:open",
      exclude: [],
      maxChanges: 3,
      maxChangesPerOwner: undefined,
      onDelete: "unassign",
      releaseRemoved: false,
    });
  });
});
