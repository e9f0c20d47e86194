import type { FindingFacts } from "../../../../provider/query/matchesQuery";
import fc from "../../../support/fc";

/** Few names and values, so that random queries and random findings meet. */
const SEVERITIES = ["critical", "high", "low"];
const TEAMS = ["a", "b", "a b", "(b"];

const quoted = (value: string) => `"${value.replace(/[\\"]/g, "\\$&")}"`;

const value = fc.oneof(
  fc.constantFrom(...SEVERITIES, ...TEAMS).map(quoted),
  fc.constantFrom("critical", "h?gh", "*i*", "*", "a", "b", "a\\ b", "\\(b"),
);

const term = fc.oneof(
  fc.tuple(fc.constantFrom("@severity:", "team:", "@score:"), value).map((parts) => parts.join("")),
  fc.constantFrom(
    "@score:>5",
    "@score:<=5",
    "@score:[2 TO 6]",
    "*",
    "some\\ ",
    '"free text"',
    "CIDR(@ip, 10.0.0.0/8)",
  ),
  fc
    .tuple(fc.constantFrom("@severity", "team"), fc.array(value, { minLength: 1, maxLength: 3 }))
    .map(([field, values]) => `${field}:(${values.join(" OR ")})`),
);

/** Any query of the syntax: every operator, with and without parentheses. */
export const queries: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, depthIdentifier: "query" },
    term,
    fc
      .tuple(tie("query"), fc.constantFrom(" ", " AND ", " OR ", "\n"), tie("query"))
      .map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom("-", "NOT "), term).map((parts) => parts.join("")),
    tie("query").map((query) => `(${query})`),
    tie("query").map((query) => `-( ${query} )`),
  ),
})).query;

export const findings: fc.Arbitrary<FindingFacts> = fc
  .record({
    severity: fc.option(fc.constantFrom(...SEVERITIES), { nil: undefined }),
    score: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    teams: fc.uniqueArray(fc.constantFrom(...TEAMS), { maxLength: 2 }),
  })
  .map(({ severity, score, teams }) => ({
    tags: teams.map((team) => `team:${team}`),
    attribute: (path) => {
      const known = path === "severity" ? severity : path === "score" ? score : undefined;
      return known === undefined ? [] : [String(known)];
    },
  }));
