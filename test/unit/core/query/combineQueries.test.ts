import assert from "node:assert/strict";
import { allOf, anyOf, negate } from "../../../../provider/query/combineQueries";
import { firstMatch as firstMatchOf } from "../../../../provider/query/firstMatch";
import { type FindingFacts, type Match, matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { queryPart } from "../../../../provider/query/queryPart";
import { QuerySyntaxError } from "../../../../provider/query/querySyntaxError";
import fc from "../../../support/fc";
import { findings, queries } from "./queryArbitraries";

function firstMatch(cases: ReadonlyArray<{ query: string; then: string }>): string {
  return firstMatchOf(cases.map(({ query, then }) => ({ query: queryPart(query), then: queryPart(then) })))
    .text;
}

function evaluate(query: string, finding: FindingFacts): Match {
  return matchesQuery(parseQuery(query), finding);
}

function not(match: Match): Match {
  return match === "unknown" ? match : !match;
}

function and(matches: readonly Match[]): Match {
  if (matches.includes(false)) return false;
  return matches.includes("unknown") ? "unknown" : true;
}

function or(matches: readonly Match[]): Match {
  return not(and(matches.map(not)));
}

describe("combining queries", () => {
  it("a rule's OR never leaks out of its parentheses", () => {
    assert.equal(allOf("@status:open", "team:a OR team:b"), "@status:open (team:a OR team:b)");
    assert.equal(negate("team:a OR team:b"), "-(team:a OR team:b)");
    assert.equal(anyOf("team:a team:b", "team:c"), "(team:a team:b) OR team:c");
  });

  it("single terms and negated ones need no parentheses", () => {
    assert.equal(
      allOf("@severity:(critical OR high)", "-team:a", "-(a b)"),
      "@severity:(critical OR high) -team:a -(a b)",
    );
    assert.equal(negate("@severity:(critical OR high)"), "-@severity:(critical OR high)");
    assert.equal(allOf(" ((team:a)) "), "team:a");
  });

  it("an escaped space at the end stays part of its word", () => {
    assert.equal(allOf("a OR b\\ ", "c"), "(a OR b\\ ) c");
  });

  it("what matches everything or nothing vanishes", () => {
    assert.equal(allOf("", "*", "team:a"), "team:a");
    assert.equal(allOf(), "*");
    assert.equal(anyOf(), "-*");
    assert.equal(anyOf("-*", "team:a"), "team:a");
    assert.equal(allOf("-*", "team:a"), "-*");
    assert.equal(negate(""), "-*");
    assert.equal(negate("-*"), "*");
  });

  it("a query that is wrong by itself is refused and not completed by its neighbours", () => {
    assert.throws(() => allOf("(team:a", "team:b)"), QuerySyntaxError);
    assert.throws(() => anyOf("team:a", "OR"), QuerySyntaxError);
    assert.throws(() => negate('"a'), QuerySyntaxError);
  });

  it("a combination means what its parts mean, and can be parsed again", () => {
    fc.assert(
      fc.property(fc.array(queries, { minLength: 1, maxLength: 4 }), findings, (parts, finding) => {
        const matches = parts.map((part) => evaluate(part, finding));
        assert.equal(evaluate(allOf(...parts), finding), and(matches));
        assert.equal(evaluate(anyOf(...parts), finding), or(matches));
        const [part = ""] = parts;
        assert.equal(evaluate(negate(part), finding), not(matches[0] ?? "unknown"));
        assert.equal(evaluate(negate(negate(part)), finding), matches[0]);
        assert.equal(
          evaluate(allOf(anyOf(...parts), negate(allOf(...parts))), finding),
          and([or(matches), not(and(matches))]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("of cases in order the first match decides", () => {
    const cases = fc.array(fc.record({ query: queries, then: queries }), { maxLength: 7 });
    fc.assert(
      fc.property(cases, findings, (list, finding) => {
        const known = list.every(({ query }) => evaluate(query, finding) !== "unknown");
        fc.pre(known);
        const decisive = list.find(({ query }) => evaluate(query, finding) === true);
        const expected = decisive ? evaluate(decisive.then, finding) : false;
        assert.equal(evaluate(firstMatch(list), finding), expected);
      }),
    );
  });

  it("neighbours that decide the same are one case", () => {
    const cases = ["team:a", "team:b", "team:c"].map((query) => ({ query, then: "@o:1" }));
    assert.equal(firstMatch(cases), "(team:a OR team:b OR team:c) @o:1");
  });

  it("twenty cases are written a few times each, and nest a few levels", () => {
    const cases = Array.from({ length: 20 }, (_, index) => ({
      query: `team:t${index} OR x`,
      then: `@o:${index}`,
    }));
    const plain = cases.map(({ query, then }) => query + then).join("").length;
    assert.ok(firstMatch(cases).length < 6 * plain);
  });
});

describe("a query", () => {
  it("that every finding matches is told from one that merely looks so", () => {
    for (const query of ["", "  ", "*", "(*)", "*:*", "team:a OR *", "-(-*)", "* AND *"]) {
      assert.equal(queryPart(query).text, "*", query);
    }
    for (const query of ["team:*", "* team:a", '"*"', "\\*", "-*", "team:a OR -team:a", "**x"]) {
      assert.notEqual(queryPart(query).text, "*", query);
    }
  });

  it("that no finding matches is known", () => {
    for (const query of ["-*", "team:a -*", "NOT *"]) assert.equal(queryPart(query).text, "-*", query);
    for (const query of ["*", "team:a", "-team:a"]) assert.notEqual(queryPart(query).text, "-*", query);
  });
});
