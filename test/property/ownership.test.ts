import assert from "node:assert/strict";
import fc from "fast-check";
import { lintOwnership } from "../../provider/core/ownership/lintOwnership";
import { ownershipSpec } from "../../provider/core/ownership/rule";
import { type EmulatedFinding, seedFindings } from "../emulator";
import { OwnershipStack } from "../support/ownershipStack";

const teams = ["payments", "platform", "mobile"];
const severities = ["critical", "high", "medium", "low", "info"];

/** A condition as a plain function and, apart from it, as a query. */
interface Condition {
  readonly query: string;
  readonly holds: (finding: EmulatedFinding) => boolean;
}

const team = fc.constantFrom(...teams).map<Condition>((name) => ({
  query: `team:${name}`,
  holds: ({ tags }) => tags.includes(`team:${name}`),
}));
const severity = fc.subarray(severities, { minLength: 1 }).map<Condition>((among) => ({
  query: `@severity:(${among.join(" OR ")})`,
  holds: (finding) => among.includes(finding.severity),
}));
const status = fc.constant<Condition>({
  query: "@status:open",
  holds: (finding) => finding.status === "open",
});
const simple = fc.oneof(team, severity, status);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  simple,
  fc.constant<Condition>({ query: "*", holds: () => true }),
  simple.map<Condition>((one) => ({ query: `-${one.query}`, holds: (finding) => !one.holds(finding) })),
  fc.tuple(simple, simple).map<Condition>(([one, two]) => ({
    query: `${one.query} OR ${two.query}`,
    holds: (finding) => one.holds(finding) || two.holds(finding),
  })),
  fc.tuple(simple, simple).map<Condition>(([one, two]) => ({
    query: `${one.query} ${two.query}`,
    holds: (finding) => one.holds(finding) && two.holds(finding),
  })),
);
const rules = fc.uniqueArray(fc.record({ condition, owner: fc.nat(3), overwrite: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
  selector: (rule) => rule.condition.query,
});

describe("ownership under random rules and findings", () => {
  it("first match wins; nothing outside of the scope, excluded, or somebody else's where overwrite is off is touched", async () => {
    await fc.assert(
      fc.asyncProperty(
        rules,
        fc.option(condition),
        fc.array(fc.nat(59), { maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(59), fc.nat(5)), { maxLength: 15 }),
        fc.nat(1_000),
        async (drawn, scope, excluded, byHand, seed) => {
          const findings = seedFindings({ count: 60, seed, teams });
          const stack = new OwnershipStack(findings);
          const user = (index: number) => stack.idOf(stack.email(index));
          for (const [index, owner] of byHand)
            stack.emulator.reassignByHand(findings[index]?.id ?? "", user(owner));
          const before = stack.emulator.owners();
          const exclude = excluded.map((index) => findings[index]?.id ?? "");
          const declared = drawn.map((rule, index) => ({
            name: `rule ${index}`,
            query: rule.condition.query,
            assignee: stack.email(rule.owner),
            overwrite: rule.overwrite,
          }));
          // Rules that are refused as out of reach can be left out, and nothing is another's for it.
          const refused = lintOwnership(ownershipSpec({ rules: declared, scope: scope?.query }))
            .filter(({ code, severity }) => code === "unreachable" && severity === "error")
            .map(({ path }) => path[1]);
          await stack.up({
            rules: declared.filter((_, index) => !refused.includes(index)),
            ...(scope && { scope: scope.query }),
            exclude,
          });
          for (const finding of findings) {
            const owner = before.get(finding.id) ?? null;
            const rule = drawn.find(({ condition: each }) => each.holds(finding));
            const covered = rule && (!scope || scope.holds(finding)) && !exclude.includes(finding.id);
            const expected = covered && (owner === null || rule.overwrite) ? user(rule.owner) : owner;
            assert.equal(stack.emulator.ownerOf(finding.id), expected, JSON.stringify(finding));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
