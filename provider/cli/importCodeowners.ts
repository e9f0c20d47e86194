import { plainLine } from "../datadog/model/plainText";
import { quote } from "../query/quote";
import { type CodeOwnerCount, type CodeOwnerCounts, countCodeOwners } from "./codeOwnerCounts";
import { type Command, optionValue, STACK_OPTION, UsageError } from "./command";
import { connect } from "./connect";
import { csvLine } from "./csv";
import { type ImportedRule, importProblems, renderOwnershipFile } from "./importedRules";
import { limitOf } from "./limit";
import { OUTPUT_OPTION, writeOutput } from "./output";
import { type OwnerMap, readOwnerMap } from "./ownerMap";
import { findTeamsOfCodeOwners } from "./teamsOfCodeOwners";
import type { Terminal } from "./terminal";

const NAME = "import codeowners";

export const importCodeowners: Command = {
  name: NAME,
  operands: "",
  summary: "writes a rule for each code owner that findings in Datadog have",
  details: [
    "Datadog stores the code owners of a finding in code, by the CODEOWNERS file of its repository, in @git.codeowners. This asks\n" +
      "which there are, 100 findings to a request, and writes a rule for each whose owner is known: by --map, a table with\n" +
      "two columns, the code owner and the owner as a rule names it, or as team:payments where Datadog has a team with the handle\n" +
      "of @org/payments (a request for each that the map does not have). Code owners without an owner are written as comments.",
    "Most findings come first: of a finding with several code owners the first rule decides.",
  ],
  options: [
    {
      name: "map",
      value: "FILE",
      summary: "a table of code owners and owners, like @org/payments,lead@example.com",
    },
    {
      name: "scope",
      value: "QUERY",
      summary: "counts findings of this query only, and writes it as the scope",
    },
    { name: "limit", value: "N", summary: "reads N findings at most; default 10000" },
    OUTPUT_OPTION,
    STACK_OPTION,
  ],
  async run(args, terminal) {
    const [operand] = args.operands;
    if (operand !== undefined) throw new UsageError(`${NAME} takes no file: leave out ${operand}`, NAME);
    const limit = limitOf(optionValue(args, "limit") ?? "10000", NAME);
    const mapFile = optionValue(args, "map");
    const map: OwnerMap = mapFile === undefined ? new Map() : readOwnerMap(mapFile);
    const scope = optionValue(args, "scope");
    const api = await connect(args, terminal);
    const counted = await countCodeOwners(api, scope ?? "", limit);
    const missing = counted.counts.map(({ codeOwner }) => codeOwner).filter((each) => !map.has(each));
    const teams = await findTeamsOfCodeOwners(api, missing);
    if (teams.refusal !== undefined) terminal.complain(`teams were not looked up: ${teams.refusal}`);
    const owners = new Map([...teams.owners, ...map]);
    return write(counted, owners, scope, optionValue(args, "output"), terminal);
  },
};

function write(
  counted: CodeOwnerCounts,
  map: OwnerMap,
  scope: string | undefined,
  output: string | undefined,
  terminal: Terminal,
): number {
  const rules = counted.counts.map((each) => ruleOf(each, map));
  if (rules.length === 0) {
    terminal.complain(
      `no finding ${scope === undefined ? "" : "in scope "}has code owners (@git.codeowners)`,
    );
    return 1;
  }
  const known = rules.filter(({ assignee }) => assignee !== undefined);
  if (known.length === 0) {
    terminal.complain(nobodyKnown(counted.counts));
    return 1;
  }
  const problems = importProblems(known, scope, terminal.today, (index) => known[index]?.name ?? "");
  if (problems.length > 0) {
    const said = problems.map(({ index, message }) =>
      index === undefined ? message : `${known[index]?.name}: ${message}`,
    );
    terminal.complain(said.join("\n"));
    return 1;
  }
  const heading = [
    headingOf(counted, terminal.today),
    "A finding with several code owners belongs to the first rule for one of them.",
  ];
  writeOutput(renderOwnershipFile({ heading, scope, rules }), output, terminal);
  if (output === undefined) return 0;
  for (const rule of rules) terminal.print(describe(rule));
  terminal.print(`${output}: ${known.length} of ${rules.length} code owners have a rule`);
  return 0;
}

function ruleOf({ codeOwner, findings }: CodeOwnerCount, map: OwnerMap): ImportedRule {
  return {
    name: codeOwner,
    query: `@git.codeowners:${quote(codeOwner)}`,
    assignee: map.get(codeOwner),
    comment: count(findings),
  };
}

function headingOf({ read, more }: CodeOwnerCounts, today: string): string {
  const all = `The code owners of ${count(read)} in Datadog on ${today}, most findings first.`;
  return more ? `${all} There are more findings: --limit says how many are read.` : all;
}

function describe({ name, assignee, comment }: ImportedRule): string {
  return plainLine(`${name} -> ${assignee ?? "no owner is known, so it is a comment"}: ${comment}`);
}

/** With the table to fill in. */
function nobodyKnown(counts: readonly CodeOwnerCount[]): string {
  return [
    "no owner is known for any code owner, so there is no rule to write. Fill in this table, and name it with --map:",
    "codeowner,owner",
    ...counts.map(({ codeOwner }) => plainLine(csvLine([codeOwner, ""]))),
  ].join("\n");
}

function count(findings: number): string {
  return `${findings.toLocaleString("en-US")} ${findings === 1 ? "finding" : "findings"}`;
}
