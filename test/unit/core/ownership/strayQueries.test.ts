import assert from "node:assert/strict";
import { matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { assignByRules, type Verdict } from "../../../../provider/rules/assignRules";
import { heldQueries } from "../../../../provider/rules/heldQueries";
import { type DeployedOwnership, ownershipSpec } from "../../../../provider/rules/rule";
import { type StrayQuery, strayQueries } from "../../../../provider/rules/strayQueries";
import fc from "../../../support/fc";
import { ownerships, type TestFinding, testFindings, USERS } from "./ownershipArbitraries";

const [ADA = "", BEN = "", CYD = ""] = USERS;

function matches(query: string, { facts }: TestFinding): boolean {
  return matchesQuery(parseQuery(query), facts) === true;
}

function isFound(queries: readonly StrayQuery[], finding: TestFinding): boolean {
  return queries.some(
    ({ query, unlessHeldBy }) =>
      matches(query, finding) &&
      !unlessHeldBy.some((version) => heldQueries(version, 20).some((held) => matches(held, finding))),
  );
}

/** What a version says of a finding, excluded or not, if that had no owner. */
function verdictOf(version: DeployedOwnership, { facts }: TestFinding): Verdict {
  const rules = version.rules.map(({ name, query }) => ({ name, query, assignee: name }));
  const spec = ownershipSpec({ ...version, exclude: [], rules });
  const ownerIds = version.rules.map((rule) => rule.ownerIds);
  return assignByRules(spec, { ownerIds, deployed: [] })({ ...facts, assigneeId: null });
}

describe("what no rule gives to its owner", () => {
  it("is in scope of deployed rules, with any of their owners, held by none, and no match of a present one", () => {
    const lengths = fc.constantFrom(8_000, 200, 20);
    const isThere = fc.boolean();
    fc.assert(
      fc.property(
        ownerships,
        testFindings,
        lengths,
        isThere,
        ({ spec, context }, finding, longest, follow) => {
          const present = follow ? spec : undefined;
          const queries = strayQueries(context.deployed, present, longest);
          const all = [...context.deployed, ...(present ? [present] : [])];
          if (all.some(({ exclude }) => exclude.includes(finding.facts.id))) return;
          const { assigneeId } = finding.facts;
          const verdicts = context.deployed.map((version) => ({
            version,
            verdict: verdictOf(version, finding),
          }));
          const belongs = verdicts.some(
            ({ version, verdict }) =>
              verdict.outcome !== "outsideScope" &&
              version.rules.some(({ ownerIds }) => ownerIds.includes(assigneeId ?? "")),
          );
          const isHeld = verdicts.some(({ verdict }) => verdict.rule?.ownerIds.includes(assigneeId ?? ""));
          const deployedPresent = {
            ...spec,
            rules: spec.rules.map((rule) => ({ ...rule, ownerIds: [ADA] })),
          };
          const isMatched = follow && verdictOf(deployedPresent, finding).rule !== undefined;
          assert.equal(isFound(queries, finding), belongs && !isHeld && !isMatched);
        },
      ),
      { numRuns: 800 },
    );
  });

  it("is one query for two rules with 20 excluded ids, after 8 changes of an owner and of exclude", () => {
    const ids = Array.from(
      { length: 28 },
      (_, index) => `ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzN${index}==`,
    );
    const rules = (ownerId: string) => [
      { name: "payments", query: "@severity:(critical OR high) team:payments", ownerIds: [ownerId] },
      { name: "checkout", query: "@severity:(critical OR high) team:checkout", ownerIds: [CYD] },
    ];
    const versions = Array.from({ length: 8 }, (_, index) => ({
      scope: "@status:open",
      exclude: ids.slice(0, 20 + index),
      rules: rules(index % 2 === 0 ? ADA : BEN),
    }));
    assert.equal(strayQueries(versions).length, 1);
    const present = ownershipSpec({
      scope: "@status:open",
      exclude: ids,
      rules: rules(ADA).map(({ name, query }) => ({ name, query, assignee: ADA })),
    });
    const [query, ...others] = strayQueries(versions, present);
    assert.equal(others.length, 0);
    assert.ok((query?.query.length ?? 0) < 2_000, query?.query);
  });

  it("takes few queries for rules of 100 teams, of which one changes", () => {
    const rules = Array.from({ length: 100 }, (_, index) => ({
      name: `team-${index}`,
      query: `@severity:(critical OR high) team:team-number-${index}`,
      assignee: `0000${String(index).padStart(4, "0")}-0000-4000-8000-000000000000`,
    }));
    const version = {
      scope: "@status:open",
      exclude: [],
      rules: rules.map(({ assignee, ...rule }) => ({ ...rule, ownerIds: [assignee] })),
    };
    const [first, ...rest] = rules;
    const changed = { name: "team-0", query: "@severity:critical team:new", assignee: first?.assignee ?? "" };
    const present = ownershipSpec({ scope: "@status:open", rules: [changed, ...rest] });
    assert.ok(strayQueries([version], present).length <= 2);
    assert.ok(strayQueries([version]).length <= 6);
  });

  it("is nothing, for no request, where a present rule matches everything", () => {
    const version = {
      scope: "@status:open",
      exclude: [],
      rules: [{ name: "a", query: "team:a", ownerIds: [ADA] }],
    };
    const rest = { name: "rest", query: "*", assignee: BEN };
    assert.deepEqual(strayQueries([version], ownershipSpec({ scope: "@status:open", rules: [rest] })), []);
  });
});
