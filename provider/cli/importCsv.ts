import { type Command, optionValue, UsageError } from "./command";
import type { CsvRow } from "./csv";
import { type ImportedRule, importProblems, renderOwnershipFile } from "./importedRules";
import { OUTPUT_OPTION, writeOutput } from "./output";
import { readTable, rowsOf } from "./ownerMap";
import type { Terminal } from "./terminal";

const NAME = "import csv";

export const importCsv: Command = {
  name: NAME,
  operands: "FILE",
  summary: "writes a rule for each row of a table of queries and owners",
  details: [
    "The first column is the query, the second the owner as a rule names it, the third the name of the rule; without one the\n" +
      "query is the name. A first row query,owner is a heading. The order stays: the first rule that matches a finding decides.\n" +
      "Errors are printed with file and line, and nothing is written then. Datadog is not asked.",
  ],
  options: [
    {
      name: "scope",
      value: "QUERY",
      summary: "written as the scope: findings outside of it are never touched",
    },
    OUTPUT_OPTION,
  ],
  async run(args, terminal) {
    const [file, other] = args.operands;
    if (file === undefined) throw new UsageError(`${NAME} needs a table`, NAME);
    if (other !== undefined) throw new UsageError(`${NAME} takes one table: leave out ${other}`, NAME);
    return write(file, optionValue(args, "scope"), optionValue(args, "output"), terminal);
  },
};

function write(
  file: string,
  scope: string | undefined,
  output: string | undefined,
  terminal: Terminal,
): number {
  const rows = rowsOf(readTable(file), file).filter((row) => !isHeading(row));
  const wide = rows.filter(({ fields }) => fields.length > 3);
  const rules = rows.map(ruleOf);
  const place = (index: number) => `${file}:${rows[index]?.line}`;
  const problems = [
    ...wide.map(
      ({ fields, line }) =>
        `${file}:${line} there are ${fields.length} columns: query, owner and name are needed; put a query with commas in quotes`,
    ),
    ...(rows.length === 0 ? [`${file}: there are no rows: a query and an owner are needed in each`] : []),
    ...(rows.length === 0 ? [] : importProblems(rules, scope, terminal.today, place)).map(
      ({ index, message }) => `${index === undefined ? file : place(index)} ${message}`,
    ),
  ];
  if (problems.length > 0) {
    terminal.complain(problems.join("\n"));
    return 1;
  }
  writeOutput(renderOwnershipFile({ heading: [`From the table ${file}.`], scope, rules }), output, terminal);
  if (output !== undefined)
    terminal.print(`${output}: ${rules.length} ${rules.length === 1 ? "rule" : "rules"}`);
  return 0;
}

function isHeading({ fields, line }: CsvRow): boolean {
  return line === 1 && fields[0]?.toLowerCase() === "query" && fields[1]?.toLowerCase() === "owner";
}

function ruleOf({ fields }: CsvRow): ImportedRule {
  const [query = "", assignee = "", name = ""] = fields;
  return { name: name === "" ? query : name, query, assignee };
}
