import assert from "node:assert/strict";
import { assignByRules, type RuledFinding } from "../../../../provider/rules/assignRules";
import { explainVerdict } from "../../../../provider/rules/explainVerdict";
import { findingFacts, type SearchedFinding } from "../../../../provider/rules/findingFacts";
import { type DeployedOwnership, type OwnershipFields, ownershipSpec } from "../../../../provider/rules/rule";

const finding: SearchedFinding = {
  id: "A==",
  severity: "high",
  status: "open",
  type: "misconfiguration",
  title: "A bucket is public",
  tags: ["team:b"],
  resourceId: "r",
  resourceName: null,
  assignee: null,
};

const declared: OwnershipFields = {
  scope: "@status:open",
  rules: [
    { name: "critical", query: "@severity:critical", assignee: "ada" },
    { name: "team", query: "team:b", assignee: "ben" },
  ],
};

function explain(
  facts: RuledFinding,
  {
    declared: rules = declared,
    deployed = [],
  }: { declared?: OwnershipFields; deployed?: DeployedOwnership[] } = {},
): string[] {
  const spec = ownershipSpec(rules);
  const ownerIds = spec.rules.map(({ assignee }) => [`id-${assignee}`]);
  const verdict = assignByRules(spec, { ownerIds, deployed })(facts);
  return explainVerdict(facts.id, verdict, spec, (id) => id.replace("id-", ""));
}

function owned(id: string): RuledFinding {
  return findingFacts({ ...finding, assignee: { id } });
}

describe("explainVerdict", () => {
  const tried = ['rule 1 "critical" does not match: @severity:critical', 'rule 2 "team" matches: team:b'];

  it("says which rule owns a finding, and why none before it", () => {
    assert.deepEqual(explain(findingFacts(finding)), [
      'A== belongs to ben by rule "team"; nobody owns it now, so it will be assigned, unless a FindingsAssignment of the program declares it',
      ...tried,
    ]);
    assert.deepEqual(explain(owned("ID-BEN")), [
      'A== belongs to ben by rule "team"; ben owns it, as declared',
      ...tried,
    ]);
  });

  it("says that somebody else owns it and who", () => {
    assert.deepEqual(explain(owned("id-cleo")), [
      'A== belongs to ben by rule "team", but cleo owns it and the rule does not overwrite: it is left alone',
      ...tried,
    ]);
  });

  it("takes over from the owner of the rule that had it", () => {
    const before = {
      scope: undefined,
      exclude: [],
      rules: [{ name: "old", query: "@severity:high", ownerIds: ["id-cleo"] }],
    };
    assert.match(
      explain(owned("id-cleo"), { deployed: [before] })[0] ?? "",
      /cleo owns it now, so it will be assigned/,
    );
    const other = { scope: "@status:closed", exclude: [], rules: before.rules };
    assert.match(explain(owned("id-cleo"), { deployed: [other] })[0] ?? "", /left alone/);
  });

  it("says that a finding is excluded, outside of the scope, or claimed by no rule", () => {
    assert.match(
      explain(findingFacts(finding), { declared: { ...declared, exclude: ["A=="] } })[0] ?? "",
      /^A== is excluded: no rule touches it; nobody owns it$/,
    );
    assert.match(
      explain(findingFacts({ ...finding, status: "muted" }))[0] ?? "",
      /^A== is outside of the scope @status:open: no rule touches it/,
    );
    assert.match(
      explain(findingFacts({ ...finding, tags: [] }))[0] ?? "",
      /^A== is claimed by no rule; nobody owns it$/,
    );
  });

  it("says what Datadog alone can decide", () => {
    const rules = [{ name: "words", query: "public bucket", assignee: "ada" }, ...declared.rules];
    assert.deepEqual(explain(findingFacts(finding), { declared: { rules } }), [
      'A== cannot be decided here: Datadog alone can evaluate the query of rule "words"; nobody owns it',
      'rule 1 "words" cannot be decided here: public bucket',
    ]);
    assert.match(
      explain(findingFacts(finding), { declared: { ...declared, scope: "words" } })[0] ?? "",
      /Datadog alone can evaluate the scope/,
    );
    const before = {
      scope: undefined,
      exclude: [],
      rules: [{ name: "old", query: "words", ownerIds: ["id-cleo"] }],
    };
    assert.match(
      explain(owned("id-cleo"), { deployed: [before] })[0] ?? "",
      /whether an earlier rule assigned it cannot be decided here/,
    );
  });
});

describe("findingFacts", () => {
  it("knows what the search result carries, and nothing of the rest", () => {
    const facts = findingFacts({ ...finding, assignee: { id: "u" } });
    assert.deepEqual(facts.attribute("severity"), ["high"]);
    assert.deepEqual(facts.attribute("resource_name"), []);
    assert.deepEqual(facts.attribute("workflow.triage.assignee.id"), ["u"]);
    assert.equal(facts.attribute("workflow.triage.assignee.name"), undefined);
    assert.equal(facts.attribute("custom.other"), undefined);
    assert.equal(facts.attribute("constructor"), undefined);
    assert.deepEqual(findingFacts(finding).attribute("workflow.triage.assignee.id"), []);
  });
});
