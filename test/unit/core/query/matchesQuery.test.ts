import assert from "node:assert/strict";
import { type FindingFacts, type Match, matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  severity: ["critical"],
  score: ["7"],
  path: ["/opt/a.b/c"],
  names: ["one", "two"],
};

const finding: FindingFacts = {
  tags: ["team:Payments", "env:prod"],
  attribute: (path) => (path.startsWith("custom.") ? undefined : (ATTRIBUTES[path] ?? [])),
};

describe("matchesQuery", () => {
  const cases: ReadonlyArray<readonly [query: string, match: Match]> = [
    ["@severity:critical", true],
    ["@severity:Critical", false],
    ["team:payments", true],
    ["TEAM:PAYMENTS", true],
    ["team:pay", false],
    ["team:pay*", true],
    ['team:"pay*"', false],
    ["team:pay\\*", false],
    ["@severity:cr?tical", true],
    ["@severity:cr?ical", false],
    ["@path:/opt/a.b/*", true],
    ["@path:/opt/aXb/*", false],
    ["@severity:*", true],
    ["@missing:*", false],
    ["-@missing:*", true],
    ["@names:(two OR three)", true],
    ["@names:(one two)", true],
    ["@score:[7 TO 9]", true],
    ["@score:[8 TO 9]", false],
    ["@score:>7", false],
    ["@score:>=7", true],
    ["@score:<7.5", true],
    ["@severity:>5", false],
    ["@missing:<5", false],
    ["@path:[a TO z]", "unknown"],
    ["*", true],
    ["free", "unknown"],
    ["-free", "unknown"],
    ["CIDR(@score, 10.0.0.0/8)", "unknown"],
    ["*:free", "unknown"],
    ["te*m:payments", "unknown"],
    ["@custom.x:1", "unknown"],
    ["@custom.x:1 team:other", false],
    ["@custom.x:1 OR team:payments", true],
    ["@custom.x:1 team:payments", "unknown"],
    ["@custom.x:1 OR team:other", "unknown"],
    ["team:other OR env:prod @severity:critical", true],
    ["env:prod (team:other OR @severity:low)", false],
  ];
  for (const [query, match] of cases) {
    it(`${query} is ${match}`, () => assert.equal(matchesQuery(parseQuery(query), finding), match));
  }

  it("tags that are not known decide nothing", () => {
    assert.equal(matchesQuery(parseQuery("team:payments"), { ...finding, tags: undefined }), "unknown");
  });
});
