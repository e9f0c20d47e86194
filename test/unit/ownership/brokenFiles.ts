export interface BrokenFile {
  readonly what: string;
  /** The file; `¦` stands before the place that each message names, in their order. */
  readonly text: string;
  /** `PATH: MESSAGE`, or parts of it, in the order of the file. */
  readonly problems: readonly RegExp[];
}

const ADA = "ada@example.com";

export const brokenFiles: readonly BrokenFile[] = [
  {
    what: "an unknown key",
    text: `rules:
  - name: a
    query: team:a
    assignee: ${ADA}
  - name: rest
    query: "*"
    ¦asignee: ${ADA}
`,
    problems: [/^rules\[1\]\.asignee: unknown key "asignee"; did you mean "assignee"\?$/],
  },
  {
    what: "an unknown key that is like no other",
    text: `rules:
  - name: a
    query: team:a
    assignee: ${ADA}
    ¦severity: critical
¦priority: 3
`,
    problems: [
      /^rules\[0\]\.severity: unknown key "severity"; the keys are name, query, findingTypes, assignee, assignees, pick, handOver, overwrite, enabled, until, note$/,
      /^priority: unknown key "priority"; the keys are rules, include, people, scope, exclude, maxChanges, maxChangesPerOwner, onDelete, releaseRemoved$/,
    ],
  },
  {
    what: "an unknown key of another spelling",
    text: `¦max_changes: 5
rules:
  - { name: a, query: team:a, assignee: ${ADA}, ¦Overwrite: true }
`,
    problems: [
      /^max_changes: .* did you mean "maxChanges"\?$/,
      /^rules\[0\]\.Overwrite: .* did you mean "overwrite"\?$/,
    ],
  },
  {
    what: "a duplicate rule name",
    text: `rules:
  - name: a
    query: team:a
    assignee: ${ADA}
  - assignee: ${ADA}
    name: ¦a
    query: team:b
`,
    problems: [/^rules\[1\]\.name: duplicate rule name "a": rule 1 has it already/],
  },
  {
    what: "a rule behind a catch-all",
    text: `rules:
  - name: rest
    query: "*"
    assignee: ${ADA}
  # never reached
  - ¦name: a
    query: team:a
    assignee: ${ADA}
`,
    problems: [
      /^rules\[1\]: rule "a" can never match: rule 1 "rest" before it matches everything; move "rest" to the end$/,
    ],
  },
  {
    what: "two rules with the same query",
    text: `rules:
  - { name: a, query: team:a, assignee: ${ADA} }
  - ¦{ name: b, query: " team:a", assignee: ${ADA} }
`,
    problems: [/^rules\[1\]: rule "b" can never match: rule 1 "a" before it has the same query/],
  },
  {
    what: "an owner that is no e-mail or UUID",
    text: `rules:
  - name: a
    query: team:a
    assignee: ¦payments team
  - name: b
    query: team:b
    assignee: ¦"@ada"
  - name: c
    query: team:c
    assignee: ¦12345678-1234-1234-1234-12345678901
`,
    problems: [
      /^rules\[0\]\.assignee: "payments team" is not an owner: the e-mail or UUID of a Datadog user is needed/,
      /^rules\[1\]\.assignee: people does not define @ada: add people: \{ ada: \[E-MAIL\] \} to the file$/,
      /^rules\[2\]\.assignee: "12345678-1234-1234-1234-12345678901" is not an owner/,
    ],
  },
  {
    what: "a syntax error in a plain query",
    text: `rules:
  - name: a
    query: team:a ¦(team:b OR team:c
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: .*column 8: this \( is never closed$/],
  },
  {
    what: "a syntax error in a query in double quotes",
    text: `rules:
  - name: a
    query: "title:\\"a b\\" \\u0041 ¦OR"
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: .*nothing to the right of OR$/],
  },
  {
    what: "a syntax error in a query in single quotes",
    text: `rules:
  - name: a
    query: '@title:"it''s" ¦)'
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: .*\) closes nothing/],
  },
  {
    what: "a syntax error in a literal block",
    text: `rules:
  - name: a
    query: |-   # several lines
      @severity:critical

      (team:a OR team:b) ¦OR
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: .*line 3, column 20: there is nothing to the right of OR$/],
  },
  {
    what: "a syntax error in a folded block",
    text: `scope: >
  @status:open
  AND ¦NOT
rules:
  - { name: a, query: team:a, assignee: ${ADA} }
`,
    problems: [/^scope: .*nothing to the right of NOT$/],
  },
  {
    what: "a syntax error on the second line of a plain query",
    text: `rules:
  - name: a
    query: team:a OR
      team:b ¦AND
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: .*nothing to the right of AND$/],
  },
  {
    what: "no rules",
    text: `scope: "@status:open"
rules: ¦[]
`,
    problems: [/^rules: an empty list is wrong: one rule at least is needed/],
  },
  {
    what: "the key rules without a value",
    text: `rules: ¦
`,
    problems: [/^rules: an empty value is wrong: a list of rules is needed/],
  },
  {
    what: "no key rules",
    text: `¦scope: "@status:open"
`,
    problems: [/^rules: "rules" is missing: one rule at least is needed/],
  },
  {
    what: "a file that is empty",
    text: "¦# nothing yet\n",
    problems: [/^an empty value is wrong: an ownership file is needed/],
  },
  {
    what: "a list instead of a mapping",
    text: `¦- name: a
  query: team:a
  assignee: ${ADA}
`,
    problems: [/^a list is wrong: an ownership file is needed: a mapping with the key rules/],
  },
  {
    what: "rules as a mapping",
    text: `rules:
  ¦payments: team:payments
`,
    problems: [/^rules: a mapping is wrong: a list of rules is needed/],
  },
  {
    what: "keys that are missing",
    text: `rules:
  - ¦name: a
  - ¦query: team:b
    assignee: ${ADA}
`,
    problems: [
      /^rules\[0\]\.assignee: "assignee" is missing: an owner is needed/,
      /^rules\[0\]\.query: "query" is missing: a query in Datadog's search syntax is needed.*Or name findingTypes$/,
      /^rules\[1\]\.name: "name" is missing/,
    ],
  },
  {
    what: "values of a wrong type",
    text: `rules:
  - name: ¦12
    query: ¦[team:a]
    assignee: ${ADA}
    overwrite: ¦"yes"
onDelete: ¦release
exclude: ¦A==
releaseRemoved: ¦1
`,
    problems: [
      /^rules\[0\]\.name: 12 is wrong: a name is needed, like payments \(in quotes it would be one: "12"\)$/,
      /^rules\[0\]\.query: a list is wrong: a query/,
      /^rules\[0\]\.overwrite: "yes" is wrong: true or false is needed$/,
      /^onDelete: "release" is wrong: unassign or keep is needed$/,
      /^exclude: "A==" is wrong: a list of finding ids is needed$/,
      /^releaseRemoved: 1 is wrong: true or false is needed$/,
    ],
  },
  {
    what: "a maxChanges below nothing",
    text: `maxChanges: ¦-1
rules:
  - { name: a, query: team:a, assignee: ${ADA} }
`,
    problems: [/^maxChanges: -1 is wrong: a whole number of findings is needed, 0 or more$/],
  },
  {
    what: "a maxChanges that is no whole number",
    text: `rules:
  - { name: a, query: team:a, assignee: ${ADA} }
maxChanges: ¦many
`,
    problems: [/^maxChanges: "many" is wrong: a whole number/],
  },
  {
    what: "a query that is empty",
    text: `rules:
  - name: a
    query: ¦""
    assignee: ${ADA}
`,
    problems: [/^rules\[0\]\.query: "" is wrong: a query in Datadog's search syntax is needed/],
  },
  {
    what: "a key twice",
    text: `rules:
  - name: a
    query: team:a
    assignee: ${ADA}
    ¦query: team:b
`,
    problems: [/^this key is there already/],
  },
  {
    what: "two documents",
    text: `rules:
  - { name: a, query: team:a, assignee: ${ADA} }
¦---
rules: []
`,
    problems: [/^a second document begins here/],
  },
  {
    what: "a query that begins with @ and has no quotes",
    text: `rules:
  - name: a
    query: ¦@severity:critical
    assignee: ${ADA}
`,
    problems: [/put the text in quotes/],
  },
  {
    what: "a * without quotes",
    text: `rules:
  - name: a
    query: ¦*
    assignee: ${ADA}
`,
    problems: [/cannot begin with \* in YAML: put it in quotes/],
  },
  {
    what: "an alias for an anchor that is not there",
    text: `rules:
  - name: a
    query: ¦*prod
    assignee: ${ADA}
`,
    problems: [/\*prod refers to &prod, which is not there before it; if a query is meant, put it in quotes/],
  },
  {
    what: "a merge key without a mapping",
    text: `rules:
  - &base { name: a, query: team:a, assignee: &lead ${ADA} }
  - <<: ¦*lead
    name: b
  - { name: c, <<: ¦[*base, team], query: "*" }
`,
    problems: [/^<< takes over the keys of a mapping/, /^<< takes over/],
  },
  {
    what: "a space after the colon of an owner or a query",
    text: `scope: ¦@status: open
people:
  duty: ¦on-call: payments
rules:
  - name: a
    query: ¦team: a severity: b
    assignee: ¦team: payments
  - { name: b, query: team:b, assignee: ¦team: b }
`,
    problems: [
      /^there is a space after "@status:", and YAML takes that for a mapping: write "@status:open", or, if the space is meant, put the text in quotes$/,
      /^there is a space after "on-call:", .* write on-call:payments, or/,
      /^there is a space after "team:", .* write team:a, or/,
      /^there is a space after "team:", .* write team:payments, or/,
      /^there is a space after "team:", .* write team:b, or/,
    ],
  },
  {
    what: "a team as a mapping",
    text: `rules:
  - name: a
    query: team:a
    assignees:
      - ¦team: payments
      - { assignee: ${ADA}, ¦wieght: 2 }
  - name: b
    query: team:b
    assignee:
      ¦on-call: payments
`,
    problems: [
      /^rules\[0\]\.assignees\[0\]\.team: there is a space after "team:", .* write team:payments$/,
      /^rules\[0\]\.assignees\[1\]\.wieght: unknown key "wieght"; did you mean "weight"\?$/,
      /^rules\[1\]\.assignee: there is a space after "on-call:", .* write on-call:payments$/,
    ],
  },
  {
    what: "a note with a colon and no quotes",
    text: `rules:
  - name: a
    note: ¦see this: it is so
`,
    problems: [/^YAML takes a colon and a space for a mapping: put the whole text in quotes$/],
  },
  {
    what: "tabs as indentation",
    text: `rules:
  - name: a
¦\tquery: team:a
\tassignee: ${ADA}
`,
    problems: [
      /^YAML allows no tabs as indentation: put spaces in their place, here and in the lines that follow$/,
    ],
  },
  {
    what: "a wrong indentation",
    text: `rules:
  - name: a
    query: team:a
¦   assignee: ${ADA}
`,
    problems: [/this is not valid YAML/],
  },
  {
    what: "a bracket that is never closed",
    text: `rules:
  - ¦{ name: a, query: team:a
`,
    problems: [
      /this is not valid YAML: this \{ is never closed; write \} where it ends, on its line or indented$/,
    ],
  },
  {
    what: "a list in brackets that is never closed, many lines before the end",
    text: `exclude: ¦[A==, B==
rules:
  - name: a
    query: team:a
    assignee: ${ADA}
`,
    problems: [
      /^this is not valid YAML: this \[ is never closed; write \] where it ends, on its line or indented$/,
    ],
  },
  {
    what: "a bracket that is never closed in the value of a rule",
    text: `rules:
  - name: a
    query: ¦[team:a
    assignee: ${ADA}
  - name: rest
    query: "*"
    assignee: ${ADA}
`,
    problems: [/^this is not valid YAML: this \[ is never closed/],
  },
  {
    what: "brackets in brackets that are never closed",
    text: `rules: ¦[
  { name: a, query: team:a, assignee: ${ADA} },
  ¦{ name: b, query: team:b, assignee: ${ADA}
maxChanges: 5
`,
    problems: [/this \[ is never closed/, /this \{ is never closed/],
  },
  {
    what: "an inner bracket that is never closed",
    text: `exclude: [A==, ¦{ B== ]
rules: []
`,
    problems: [/this \{ is never closed/],
  },
  {
    what: "a bracket that only an inner one's follows, at the very end",
    text: "exclude: ¦[A==, [B==]",
    problems: [/this \[ is never closed/],
  },
  {
    what: "a double quote that is never closed",
    text: `rules:
  - name: ¦"a
    query: team:a
    assignee: ${ADA}
  - name: b
    query: team:b
    assignee: ${ADA}
`,
    problems: [/^this is not valid YAML: this " is never closed; write " where the text ends$/],
  },
  {
    what: "a double quote that only an escaped one follows",
    text: `rules:
  - { name: a, query: ¦"team:\\"a, assignee: ${ADA} }
`,
    problems: [/this " is never closed/],
  },
  {
    what: "a single quote that is never closed, in brackets",
    text: `exclude: [A==, ¦'B==]
rules:
  - name: a
`,
    problems: [/^this is not valid YAML: this ' is never closed; write ' where the text ends$/],
  },
  {
    what: "a quote that the next one closes too early",
    text: `rules:
  - name: ¦"a
    query: "team:a"
    assignee: ${ADA}
`,
    problems: [/this " is never closed/],
  },
  {
    what: "types, days and switches that are none",
    text: `rules:
  - { name: a, findingTypes: [¦secrets], assignee: ${ADA} }
  - { name: b, findingTypes: ¦[], assignee: ${ADA} }
  - { name: c, query: team:c, assignee: ${ADA}, until: ¦2026-02-30 }
  - { name: d, query: team:d, assignee: ${ADA}, enabled: ¦"no" }
`,
    problems: [
      /^rules\[0\]\.findingTypes\[0\]: "secrets" is wrong: a type of findings is needed: misconfiguration, .*workload_activity$/,
      /^rules\[1\]\.findingTypes: an empty list is wrong: one type of findings at least is needed, like \[secret\]$/,
      /^rules\[2\]\.until: "2026-02-30" is wrong: a day is needed, like 2026-12-31$/,
      /^rules\[3\]\.enabled: "no" is wrong: true or false is needed$/,
    ],
  },
  {
    what: "names that nobody has, or that are none",
    text: `people:
  duty: ${ADA}
  leads: [${ADA}, ben@example.com]
  ¦a b: ${ADA}
  nobody: ¦[]
  text: ¦ada
  texts: [${ADA}, ¦ben]
  number: ¦5
rules:
  - { name: a, query: team:a, assignee: ¦"@dutty" }
  - { name: b, query: team:b, assignee: "@leads" }
  - { name: c, query: "*", assignee: ¦"@somebody" }
`,
    problems: [
      /^people\.a b: "a b" is not a name: a name has letters, digits, - and _ only$/,
      /^people\.nobody: an empty list is wrong: one owner at least is needed$/,
      /^people\.text: "ada" is not an owner: the e-mail or UUID/,
      /^people\.texts\[1\]: "ben" is not an owner: the e-mail or UUID/,
      /^people\.number: 5 is wrong: an owner or a list of owners is needed/,
      /^rules\[0\]\.assignee: people does not define @dutty: did you mean "@duty"\?$/,
      /^rules\[2\]\.assignee: people does not define @somebody: people defines @duty, @leads, /,
    ],
  },
  {
    what: "owners that cannot be",
    text: `rules:
  - { name: a, query: team:a, assignee: ¦"Teams:Payments" }
  - { name: b, query: team:b, assignee: ${ADA}, assignees: ¦[ben@example.com] }
  - { name: c, query: team:c, assignees: [${ADA}, ¦none] }
  - { name: d, query: team:d, assignees: [${ADA}, { assignee: team:d, weight: ¦0 }] }
  - { name: e, query: team:e, assignee: ${ADA}, pick: ¦first }
  - { name: f, query: team:f, assignee: team:f, handOver: ¦move }
  - { name: g, query: team:g, assignees: ¦[] }
  - { name: h, query: team:h, assignee: ¦payments }
  - { name: i, query: team:i, assignee: ¦nobody }
  - ¦{ name: j, query: "*" }
`,
    problems: [
      /^rules\[0\]\.assignee: "Teams:Payments" is not an owner: did you mean "team:payments"\?$/,
      /^rules\[1\]\.assignees: a rule has either assignee or assignees/,
      /^rules\[2\]\.assignees\[1\]: none stands alone/,
      /^rules\[3\]\.assignees\[1\]\.weight: 0 is wrong: a number greater than 0 is needed$/,
      /^rules\[4\]\.pick: pick needs assignees/,
      /^rules\[5\]\.handOver: handOver needs an owner on-call:HANDLE$/,
      /^rules\[6\]\.assignees: an empty list is wrong: one owner at least is needed$/,
      /^rules\[7\]\.assignee: "payments" is not an owner: the e-mail or UUID .*; did you mean "team:payments"\?$/,
      /^rules\[8\]\.assignee: "nobody" is not an owner: write none to leave the findings alone$/,
      /^rules\[9\]\.assignee: "assignee" is missing: an owner is needed: the e-mail or UUID .* or none$/,
    ],
  },
  {
    what: "includes that lead nowhere",
    text: `include: [¦no-such-folder/*.yaml, ¦"teams/{a,b}.yaml", ¦/etc/hosts, ¦""]
`,
    problems: [
      /^include\[0\]: no file matches "no-such-folder\/\*\.yaml" in /,
      /^include\[1\]: \{ has no meaning in a path here: \* and \? stand for characters/,
      /^include\[2\]: "\/etc\/hosts" is absolute: write it relative to this file$/,
      /^include\[3\]: "" is wrong: the path of a file is needed, like teams\/\*\.yaml$/,
    ],
  },
  {
    what: "several problems at once, in the order of their lines",
    text: `scope: team:(a ¦OR
maxChanges: ¦1.5
rules:
  - name: rest
    query: "*"
    assignee: ¦nobody
  - ¦name: ¦rest
    query: team:a ¦||
    assigne: x
`,
    problems: [],
  },
];
