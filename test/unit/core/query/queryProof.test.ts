import assert from "node:assert/strict";
import { type FindingFacts, matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { formulaOf } from "../../../../provider/query/queryFormula";
import { areDisjoint, covers } from "../../../../provider/query/queryProof";
import fc from "../../../support/fc";

const disjoint = (...queries: string[]) => areDisjoint(queries.map(formulaOf));
const includes = (wide: string, ...narrow: string[]) => covers(formulaOf(wide), narrow.map(formulaOf));

describe("areDisjoint: what is proven to match no finding", () => {
  const proven = [
    ["team:legal", "-team:legal"],
    ["team:legal", "NOT (team:hr OR team:legal)"],
    ["team:legal", "env:prod", "-(team:legal env:prod)"],
    ["Team:Legal", "-team:legal"],
    ['team:"legal"', "-team:legal"],
    ["team:legal", "-team:le*"],
    ["team:legal", "-team:*"],
    ["@severity:critical", "@severity:(low OR medium)"],
    ["@status:open", "@status:muted"],
    ["@severity:crit*", "@severity:high"],
    ["@score:7", "-@score:>5"],
    ["@score:7", "-@score:[1 TO 9]"],
    ["-*", "team:legal"],
    ["log4j", "-log4j"],
  ];
  for (const queries of proven) it(`${queries.join(" and ")}: proven`, () => assert.ok(disjoint(...queries)));

  const unproven = [
    ["team:legal", "team:hr"],
    ["team:legal", "-team:hr"],
    ["team:le*", "-team:legal"],
    ["@resource_type:host", "@resource_type:bucket"],
    ["severity:critical", "severity:low"],
    ["@severity:critical", "@severity:(critical OR low)"],
    ["@severity:>3", "-@severity:[1 TO 9]"],
    ["log4j", "-log4shell"],
    ["", "*"],
  ];
  for (const queries of unproven)
    it(`${queries.join(" and ")}: not proven`, () => assert.ok(!disjoint(...queries)));

  it("gives up on a query that would take too long, and takes it as not proven", () => {
    const pairs = Array.from({ length: 40 }, (_, index) => `(a:${index} OR b:${index})`).join(" ");
    const noneOfOne = Array.from({ length: 40 }, (_, index) => `(-a:${index} OR -b:${index})`).join(" ");
    const parity = Array.from({ length: 40 }, (_, index) => `(c:${index} OR d:${index} OR e:${index})`).join(
      " ",
    );
    const fewer = "(c:x OR d:x) (c:x OR -d:x) (-c:x OR d:x) (-c:x OR -d:x)";
    assert.equal(disjoint(pairs, noneOfOne, parity, fewer), false);
    assert.equal(disjoint(fewer), true);
  });
});

describe("covers: what is proven to be matched as well", () => {
  it("a wider query, an alternative, and everything", () => {
    assert.ok(includes("@severity:(critical OR high)", "@severity:critical"));
    assert.ok(includes("@status:open", "@status:open env:prod"));
    assert.ok(includes("team:a OR -team:a", "*"));
    assert.ok(includes("*", "team:a"));
    assert.ok(includes("team:a", "@status:open", "team:a"));
  });

  it("neither a narrower query nor another one", () => {
    assert.ok(!includes("@severity:critical", "@severity:(critical OR high)"));
    assert.ok(!includes("team:a", "team:b"));
    assert.ok(!includes("-*", "*"));
  });
});

/** All findings of a small world: three severities or none, and any set of three teams. */
const world: readonly FindingFacts[] = [["critical"], ["high"], ["low"], []].flatMap((severity) =>
  Array.from({ length: 8 }, (_, set) => ({
    attribute: () => severity,
    tags: ["a", "b", "c"].filter((_team, index) => (set >> index) % 2 === 1).map((team) => `team:${team}`),
  })),
);

const query = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("@severity:critical", "@severity:high", "@severity:*", "team:a", "team:b", "team:*", "*"),
    tie("query").map((operand) => `-(${operand})`),
    fc
      .tuple(tie("query"), fc.constantFrom(" AND ", " OR "), tie("query"))
      .map(([a, op, b]) => `(${a}${op}${b})`),
  ),
})).query;

describe("a proof against all findings of a small world", () => {
  const matching = (text: string) => {
    const query = parseQuery(text);
    return world.filter((finding) => matchesQuery(query, finding) === true);
  };

  it("is found exactly if no finding matches both queries", () => {
    fc.assert(
      fc.property(query, query, (one, other) => {
        const others = matching(other);
        const both = matching(one).filter((finding) => others.includes(finding));
        assert.equal(disjoint(one, other), both.length === 0);
      }),
      { numRuns: 500 },
    );
  });

  it("is found exactly if every finding that matches the one matches the other", () => {
    fc.assert(
      fc.property(query, query, (wide, narrow) => {
        const all = matching(wide);
        assert.equal(
          includes(wide, narrow),
          matching(narrow).every((finding) => all.includes(finding)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
