import assert from "node:assert/strict";
import { parseQuery } from "../../../../provider/query/parseQuery";
import type { QueryNode } from "../../../../provider/query/queryNode";
import { QuerySyntaxError } from "../../../../provider/query/querySyntaxError";
import fc from "../../../support/fc";
import { queries } from "./queryArbitraries";

/** The structure with every operand in brackets. */
function shape(node: QueryNode): string {
  if (node.kind === "term") {
    const { field, value } = node;
    const name = field ? `${field.attribute ? "@" : ""}${field.name}=` : "";
    if (value.kind === "text") return `${name}${value.text}`;
    return value.kind === "range"
      ? `${name}${value.low}..${value.high}`
      : `${name}${value.operator}${value.operand}`;
  }
  if (node.kind === "group") return shape(node.operand);
  if (node.kind === "not") return `not[${shape(node.operand)}]`;
  return `${node.kind}[${node.operands.map(shape).join(", ")}]`;
}

function refusal(query: string): QuerySyntaxError {
  try {
    parseQuery(query);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error;
    throw error;
  }
  return assert.fail(`${query} is accepted`);
}

describe("parseQuery", () => {
  const accepted: ReadonlyArray<readonly [query: string, shape: string]> = [
    ["@severity:critical", "@severity=critical"],
    [
      "@severity:(critical OR high) team:payments",
      "and[or[@severity=critical, @severity=high], team=payments]",
    ],
    ["a b OR c AND d", "or[and[a, b], and[c, d]]"],
    ["a (b OR c)", "and[a, or[b, c]]"],
    ["-a b", "and[not[a], b]"],
    ["NOT (a OR b)", "not[or[a, b]]"],
    ["a AND NOT b", "and[a, not[b]]"],
    ["-@workflow.triage.assignee.id:*", "not[@workflow.triage.assignee.id=*]"],
    ['@finding_id:("A==" OR "B==")', "or[@finding_id=A==, @finding_id=B==]"],
    ['title:"say \\"hi\\" (now)"', 'title=say "hi" (now)'],
    ["@url:https://example.com/a-b", "@url=https://example.com/a-b"],
    ["@name:a\\ b\\:c\\(", "@name=a b:c("],
    ["@score:[1 TO 5]", "@score=1..5"],
    ["@score:>=5 @score:<7", "and[@score=>=5, @score=<7]"],
    ["@score:(>5 OR [1 TO 2])", "or[@score=>5, @score=1..2]"],
    ["@score:-5", "@score=-5"],
    ["team:(-a b)", "and[not[team=a], team=b]"],
    ["and or not", "and[and, or, not]"],
    ['"AND" \\OR', "and[AND, OR]"],
    [" \n a \n ", "a"],
    [
      "-CIDR(@network.ip, 10.0.0.0/8, fe80::/10) a OR (CIDR(@ip,10.0.0.0/8))",
      "or[and[not[CIDR(@network.ip, 10.0.0.0/8, fe80::/10)], a], CIDR(@ip,10.0.0.0/8)]",
    ],
    ["CIDR OR @a:CIDR", "or[CIDR, @a=CIDR]"],
    ["team:a\\|\\|b R\\&\\&D \\!x @n:c\\#", "and[team=a||b, R&&D, !x, @n=c#]"],
    ['team:"a||b" "R&&D" @n:"c#"', "and[team=a||b, R&&D, @n=c#]"],
    ["team:a|b R&D ada@example.com", "and[team=a|b, R&D, ada@example.com]"],
    ['@at:["a#" TO b\\#]', "@at=a#..b\\#"],
  ];
  for (const [query, expected] of accepted) {
    it(`reads ${JSON.stringify(query)}`, () => assert.equal(shape(parseQuery(query)), expected));
  }

  const refused: ReadonlyArray<readonly [query: string, offset: number, reason: RegExp]> = [
    ["", 0, /empty: write \*/],
    ["   ", 0, /empty/],
    ["(a", 0, /\( is never closed/],
    ["a (b OR (c)", 2, /\( is never closed/],
    ["team:(a OR b", 5, /\( is never closed/],
    ["a)", 1, /\) closes nothing/],
    [")", 0, /\) closes nothing/],
    ["a ()", 2, /nothing between/],
    ["team:()", 5, /nothing between/],
    ["(", 0, /never closed/],
    ["a OR", 2, /nothing to the right of OR/],
    ["a AND OR b", 2, /nothing to the right of AND/],
    ["OR a", 0, /nothing to the left of OR/],
    ["(AND a)", 1, /nothing to the left of AND/],
    ["a NOT", 2, /nothing to the right of NOT/],
    ["a - b", 2, /stands alone/],
    ["team:", 5, /team: needs a value/],
    ["a team: b", 7, /team: needs a value/],
    ["(@severity:)", 11, /@severity: needs a value/],
    ["@severity", 0, /@severity needs a value: @severity:VALUE/],
    ["@:a", 0, /name of an attribute/],
    [":a", 0, /name of a tag/],
    ['team:"a', 5, /quote is never closed/],
    ['"a\\"', 0, /quote is never closed/],
    ['team:"a"b', 8, /closing quote/],
    ['team:a"b"', 6, /quote inside a word/],
    ["a\\", 1, /escapes/],
    ["a && b", 2, /AND is the operator/],
    ["a || b", 2, /OR is the operator/],
    ["a !b", 2, /not !/],
    [
      "team:a||team:b",
      6,
      /OR is the operator, not \|\|; as a part of a text, quote the whole value or write \\\|\\\|/,
    ],
    ["team:a&&team:b", 6, /AND is the operator, not &&/],
    ["a||b", 1, /OR is the operator/],
    ["!team:a", 0, /NOT is written - or NOT, not !/],
    ["team:!a", 5, /NOT is written/],
    ["te&&am:a", 2, /AND is the operator/],
    ["team:(a||b)", 7, /OR is the operator/],
    ["team:a#1", 6, /# has a meaning of its own; .* write \\#/],
    ["#a", 0, /# has a meaning/],
    ["@name:a=b", 7, /= has a meaning/],
    ["@score>5", 6, /> has a meaning/],
    ["team:a[0]", 6, /\[ has a meaning/],
    ["@score:[1 TO 5!]", 14, /NOT is written/],
    ["@score:>5||a", 9, /OR is the operator/],
    ["title:“a b”", 6, /“ does not quote, " does/],
    ["@score:[1 5]", 7, /\[LOW TO HIGH\]/],
    ["@score:{1 TO 5}", 7, /\[LOW TO HIGH\]/],
    ["@score:>", 7, /needs a number/],
    [">5", 0, /a comparison needs a field/],
    ["[1 TO 5]", 0, /a range needs a field/],
    ["a CIDR(@ip)", 2, /CIDR\(@attribute, 10\.0\.0\.0\/8\)/],
    ["CIDR(ip, 10.0.0.0/8)", 0, /CIDR\(@attribute/],
    ["CIDR(@ip, 10.0.0.0/8)b", 21, /needs a space/],
    ["@ip:(CIDR(@ip, 10.0.0.0/8))", 5, /outside of @ip:\( \)/],
    ["@ip:CIDR(@ip, 10.0.0.0/8)", 9, /the attribute @ip, needs a value/],
    ["team:(a OR @severity:b)", 11, /inside team:\( \) only values/],
    ["(".repeat(10_000), 500, /levels deep/],
    ["-".repeat(10_000) + "a", 500, /levels deep/],
  ];
  for (const [query, offset, reason] of refused) {
    it(`refuses ${JSON.stringify(query.slice(0, 40))} and says where`, () => {
      const error = refusal(query);
      assert.match(error.reason, reason);
      assert.equal(error.offset, offset);
    });
  }

  it("says line and column of a query of several lines", () => {
    const error = refusal("team:a\n  OR (team:b\n");
    assert.deepEqual([error.line, error.column], [2, 6]);
    assert.match(error.message, /line 2, column 6: this \( is never closed/);
  });

  it("every node knows its own text", () => {
    fc.assert(
      fc.property(queries, (query) => {
        for (const node of nodes(parseQuery(query))) {
          assert.equal(shape(parseQuery(query.slice(node.start, node.end))), shape(node));
        }
      }),
    );
  });

  it("any text is either read or refused as a syntax error within it", () => {
    const fragments = fc.constantFrom(
      "(",
      ")",
      " ",
      "-",
      '"',
      "\\",
      ":",
      "@",
      "a",
      "OR",
      "AND",
      "[",
      " TO ",
      "]",
      ">",
      "*",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        const query = parts.join("");
        try {
          parseQuery(query);
        } catch (error) {
          assert.ok(error instanceof QuerySyntaxError);
          assert.ok(error.offset >= 0 && error.offset <= query.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** All nodes but the values inside a field's parentheses, which are no queries of their own. */
function nodes(node: QueryNode): QueryNode[] {
  if (node.kind === "term") return [node];
  if (node.kind === "group" && node.field) return [node];
  const operands = "operands" in node ? node.operands : [node.operand];
  return [node, ...operands.flatMap(nodes)];
}
