import assert from "node:assert/strict";
import { matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { assignByRules, type Verdict } from "../../../../provider/rules/assignRules";
import {
  heldByRule,
  heldQueries,
  reassignedQueries,
  unclaimedQueries,
} from "../../../../provider/rules/heldQueries";
import { type DeployedOwnership, ownershipSpec } from "../../../../provider/rules/rule";
import fc from "../../../support/fc";
import { ownerships, type TestFinding, testFindings, USERS } from "./ownershipArbitraries";

const [ADA = "", BEN = ""] = USERS;
const OWNER = "@workflow.triage.assignee.id";

function finds(queries: readonly string[], { facts }: TestFinding): number {
  return queries.filter((query) => matchesQuery(parseQuery(query), facts) === true).length;
}

/** What a version says of a finding, if that had no owner. */
function verdictOf(version: DeployedOwnership, { facts }: TestFinding): Verdict {
  const spec = ownershipSpec({
    ...version,
    rules: version.rules.map(({ name, query }) => ({ name, query, assignee: name })),
  });
  const ownerIds = version.rules.map((rule) => rule.ownerIds);
  return assignByRules(spec, { ownerIds, deployed: [] })({ ...facts, assigneeId: null });
}

const versions = ownerships
  .filter(({ context }) => context.deployed.length > 0)
  .map(({ spec, context }) => ({ spec, version: context.deployed[0] as DeployedOwnership }));
const lengths = fc.constantFrom(8_000, 200, 20);

describe("what a version of rules holds", () => {
  it("is what its rules gave to the owner who has it, whatever the length of the queries", () => {
    fc.assert(
      fc.property(versions, testFindings, lengths, ({ version }, finding, longest) => {
        const { rule } = verdictOf(version, finding);
        const held = rule?.ownerIds.includes(finding.facts.assigneeId ?? "") === true;
        assert.equal(finds(heldQueries(version, longest), finding), held ? 1 : 0);
        assert.equal(
          finds(
            heldByRule(version).map(({ query }) => query),
            finding,
          ),
          held ? 1 : 0,
        );
      }),
      { numRuns: 400 },
    );
  });

  it("is unclaimed where no present rule matches it, excluded or not", () => {
    fc.assert(
      fc.property(versions, testFindings, lengths, ({ version, spec }, finding, longest) => {
        const { rule } = verdictOf(version, finding);
        const held = rule?.ownerIds.includes(finding.facts.assigneeId ?? "") === true;
        const present = {
          ...version,
          scope: spec.scope,
          exclude: [],
          rules: spec.rules.map((each) => ({ ...each, ownerIds: [BEN] })),
        };
        const claimed = verdictOf(present, finding).rule !== undefined;
        const found = finds(unclaimedQueries(version, spec, longest), finding);
        assert.equal(found, held && !claimed ? 1 : 0);
      }),
      { numRuns: 400 },
    );
  });

  it("was reassigned where somebody else has it", () => {
    fc.assert(
      fc.property(versions, testFindings, lengths, ({ version }, finding, longest) => {
        const { rule } = verdictOf(version, finding);
        const { assigneeId } = finding.facts;
        const ours = version.rules.some(({ ownerIds }) => ownerIds.includes(assigneeId ?? ""));
        const found = finds(reassignedQueries(version, longest), finding);
        assert.equal(found, rule && assigneeId !== null && !ours ? 1 : 0);
      }),
      { numRuns: 400 },
    );
  });

  it("needs no request where rules were added, put in another order, or given to another user", () => {
    const rules = [
      { name: "a", query: "team:a", ownerIds: [ADA] },
      { name: "b", query: "team:b", ownerIds: [BEN] },
    ];
    const version = { scope: "@status:open", exclude: [], rules };
    const now = (...queries: string[]) =>
      ownershipSpec({
        scope: "@status:open",
        rules: queries.map((query, index) => ({ name: `rule ${index}`, query, assignee: ADA })),
      });
    assert.deepEqual(unclaimedQueries(version, now("team:b", "team:c", "team:a")), []);
    assert.deepEqual(unclaimedQueries(version, now("team:a", "team:b @severity:high")), [
      `@status:open -(@status:open (team:a OR (team:b @severity:high))) -team:a team:b ${OWNER}:${BEN}`,
    ]);
  });
});
