import assert from "node:assert/strict";
import { matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { assignByRules, type Verdict } from "../../../../provider/rules/assignRules";
import { ownershipSpec } from "../../../../provider/rules/rule";
import { type OwnershipQueries, ruleQueries } from "../../../../provider/rules/ruleQueries";
import { compileQuery } from "../../../emulator/query/queryPredicate";
import fc from "../../../support/fc";
import { ownerships, type TestFinding, testFinding, testFindings, USERS } from "./ownershipArbitraries";

const [ADA = "", BEN = "", CLEO = ""] = USERS;
const OWNER = "@workflow.triage.assignee.id";

/**
 * Which of the queries find a finding. Datadog's stand-in must agree with the evaluation of the package
 * itself.
 */
function finds(query: string, { facts, view }: TestFinding): boolean {
  const found = matchesQuery(parseQuery(query), facts);
  assert.equal(compileQuery(query).matches(view), found, query);
  return found === true;
}

function found(queries: OwnershipQueries, finding: TestFinding) {
  const rules = queries.rules;
  const which = (part: "matched" | "pending" | "leftAlone") =>
    rules.filter((rule) => finds(rule[part], finding)).map(({ name }) => name);
  return {
    matched: which("matched"),
    pending: which("pending"),
    leftAlone: which("leftAlone"),
    all: [queries.pending, queries.leftAlone, [{ query: queries.unclaimed }]].map((runs) =>
      runs.some(({ query }) => finds(query, finding)),
    ),
  };
}

function pending(queries: OwnershipQueries, finding: TestFinding): boolean {
  return queries.pending.some(({ query }) => finds(query, finding));
}

function expected({ outcome, rule, assigneeId }: Verdict) {
  const when = (...outcomes: Verdict["outcome"][]) => (rule && outcomes.includes(outcome) ? [rule.name] : []);
  return {
    matched: when("asDeclared", "assign", "leftAlone"),
    pending: when("assign"),
    leftAlone: when("leftAlone"),
    all: [outcome === "assign", outcome === "leftAlone", outcome === "unclaimed" && assigneeId === null],
  };
}

function ownership(
  rules: ReadonlyArray<readonly [name: string, query: string, owner: string]>,
  scope?: string,
) {
  const spec = ownershipSpec({
    rules: rules.map(([name, query, assignee]) => ({ name, query, assignee })),
    scope,
  });
  const deployed = {
    scope,
    exclude: [],
    rules: rules.map(([name, query, ownerId]) => ({ name, query, ownerIds: [ownerId] })),
  };
  return { spec, deployed, ownerIds: rules.map(([, , owner]) => [owner]) };
}

describe("ruleQueries", () => {
  it("first match wins, within scope, never an excluded one, never somebody else's unless it overwrites", () => {
    fc.assert(
      fc.property(
        ownerships,
        fc.array(testFindings, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(8_000, 8_000, 300, 50),
        ({ spec, context }, list, longest) => {
          const queries = ruleQueries(spec, context, longest);
          const verdictOf = assignByRules(spec, context);
          for (const finding of list) {
            assert.deepEqual(found(queries, finding), expected(verdictOf(finding.facts)));
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it("a rule asks for what is not yet as declared, and for nothing else", () => {
    const { spec, ownerIds, deployed } = ownership(
      [
        ["payments", "@severity:(critical OR high) OR team:a", ADA],
        ["platform", "team:b", BEN],
        ["rest", "*", CLEO],
      ],
      "@status:open",
    );
    const { rules } = ruleQueries(spec, { ownerIds, deployed: [deployed] });
    assert.deepEqual(
      rules.map(({ pending }) => pending),
      [
        `@status:open (@severity:(critical OR high) OR team:a) -${OWNER}:*`,
        `@status:open team:b -(@severity:(critical OR high) OR team:a) -${OWNER}:*`,
        `@status:open -(@severity:(critical OR high) OR team:a) -team:b -${OWNER}:*`,
      ],
    );
    assert.equal(
      rules[1]?.leftAlone,
      `@status:open team:b -(@severity:(critical OR high) OR team:a) ${OWNER}:* -${OWNER}:${BEN}`,
    );
  });

  it("overwrite asks for every match that is not its owner's, and leaves nothing alone", () => {
    const spec = ownershipSpec({ rules: [{ name: "a", query: "team:a", assignee: ADA, overwrite: true }] });
    const [rule] = ruleQueries(spec, { ownerIds: [[ADA]], deployed: [] }).rules;
    assert.equal(rule?.pending, `team:a -${OWNER}:${ADA}`);
    assert.equal(rule?.leftAlone, "-*");
  });

  it("a rule that got another owner takes over from the former one", () => {
    const before = ownership([["a", "team:a", ADA]]);
    const now = ownership([["a", "team:a", BEN]]);
    const [rule] = ruleQueries(now.spec, { ownerIds: now.ownerIds, deployed: [before.deployed] }).rules;
    assert.equal(rule?.pending, `team:a (-${OWNER}:* OR ${OWNER}:${ADA})`);
  });

  it("what a person gave to the owner of another rule stays there", () => {
    const { spec, ownerIds, deployed } = ownership([
      ["a", "team:a", ADA],
      ["b", "team:b", BEN],
    ]);
    const byHand = testFinding("A==", "high", ["a"], BEN);
    const verdict = assignByRules(spec, { ownerIds, deployed: [deployed] })(byHand.facts);
    assert.equal(verdict.outcome, "leftAlone");
    assert.equal(pending(ruleQueries(spec, { ownerIds, deployed: [deployed] }), byHand), false);
  });

  it("a new rule takes over from the rule that had its findings", () => {
    const before = ownership([["rest", "*", ADA]]);
    const now = ownership([
      ["a", "team:a", BEN],
      ["rest", "*", ADA],
    ]);
    const queries = ruleQueries(now.spec, { ownerIds: now.ownerIds, deployed: [before.deployed] });
    assert.equal(queries.rules[0]?.pending, `team:a (-${OWNER}:* OR ${OWNER}:${ADA})`);
    assert.equal(queries.rules[1]?.pending, `-team:a -${OWNER}:*`);
    assert.equal(pending(queries, testFinding("A==", "high", ["a"], CLEO)), false);
  });

  it("a fallback that claims everything leaves nothing unclaimed, without a request", () => {
    const { spec, ownerIds } = ownership([["rest", "*", ADA]]);
    assert.equal(ruleQueries(spec, { ownerIds, deployed: [] }).unclaimed, "-*");
  });

  it("the queries of twenty rules stay short, whether they are unchanged, added or turned around", () => {
    const rules = Array.from(
      { length: 20 },
      (_, index) =>
        [
          `team-${index}`,
          `@severity:(critical OR high) (team:team-${index} OR service:shop-${index})`,
          USERS[index % 4] ?? "",
        ] as const,
    );
    const before = ownership(rules, "@status:open");
    const plain = rules.map(([, query]) => query).join(" ").length;
    const { rules: same } = ruleQueries(
      { ...before.spec, exclude: ["A=="] },
      { ownerIds: before.ownerIds, deployed: [before.deployed] },
    );
    let bound = "@status:open".length + '-@finding_id:"A=="'.length + 105;
    for (const [index, { matched, pending, leftAlone }] of same.entries()) {
      bound += (rules[index]?.[1].length ?? 0) + 4;
      for (const query of [matched, pending, leftAlone]) assert.ok(query.length <= bound, query);
    }
    const longest = (now: ReturnType<typeof ownership>) => {
      const queries = ruleQueries(now.spec, { ownerIds: now.ownerIds, deployed: [before.deployed] });
      return Math.max(
        ...queries.rules.flatMap(({ pending, leftAlone }) => [pending.length, leftAlone.length]),
      );
    };
    assert.ok(longest(before) < 1.5 * plain);
    assert.ok(longest(ownership([...rules, ["more", "team:more", ADA]], "@status:open")) < 8 * plain);
    assert.ok(longest(ownership([...rules].reverse(), "@status:open")) < 8 * plain);
  });

  it("few excluded ids stand in the query; many are left to be filtered, and it says so", () => {
    const rule = { name: "a", query: "team:a", assignee: ADA };
    const context = { ownerIds: [[ADA]], deployed: [] };
    const few = ruleQueries(ownershipSpec({ rules: [rule], exclude: ["A==", 'q"'] }), context);
    assert.equal(few.rules[0]?.matched, '-@finding_id:("A==" OR "q\\"") team:a');
    assert.equal(few.excludesInQuery, true);
    const exclude = Array.from({ length: 1_000 }, (_, index) => `finding-${index}`);
    const many = ruleQueries(ownershipSpec({ rules: [rule], exclude }), context);
    assert.equal(many.rules[0]?.matched, "team:a");
    assert.equal(many.excludesInQuery, false);
  });
});
