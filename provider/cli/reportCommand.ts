import { readFileSync } from "node:fs";
import { messageOf } from "../core/messageOf";
import { BESIDE_OPTIONS, BesideRules } from "./besideRules";
import { collectReport } from "./collectReport";
import { type Command, type CommandArguments, optionValue, UsageError } from "./command";
import { connect } from "./connect";
import { csvReport } from "./csvReport";
import { htmlReport } from "./htmlReport";
import { limitOf } from "./limit";
import { markdownReport } from "./markdownReport";
import { writeOutput } from "./output";
import { type OwnerChanges, ownerChanges } from "./ownerChanges";
import { parseReport, type ReportData } from "./reportData";

type Render = (report: ReportData, changes: OwnerChanges | undefined) => string;

const FORMATS: ReadonlyMap<string, Render> = new Map<string, Render>([
  ["md", markdownReport],
  ["json", (report, changes) => JSON.stringify({ ...report, ...(changes && { changes }) }, null, 1)],
  ["csv", csvReport],
  ["html", htmlReport],
]);

export const reportCommand: Command = {
  name: "report",
  operands: "FILE",
  summary: "says what the rules cover, who owns it, and what the next deployment changes",
  details: [
    "Reads the findings in scope, 100 to a request: 1,000 requests for 100,000 findings, and one for each user who owns any, each\n" +
      "rule that has none, each owner of a rule that is to be looked up, and each schedule of a team that is on call. With\n" +
      "--limit N it counts N findings at most of each rule, and of what no rule claims, with N / 100 + 1 requests each, says where\n" +
      "there are more, and gives no percentage then.",
    "It reads the file, not the program. With --stack NAME it also reads the state: to whom earlier deployments gave findings, so\n" +
      "that those that the next one takes from former owners count as changes; and the ids of each FindingsAssignment, which rules\n" +
      "leave alone. --exclude leaves out the ids of a list that is not deployed yet.",
    "Formats: md for a comment in a pull request; html is one page for a browser or a screen in a review; csv has a row for each\n" +
      "finding; json has all of it, and is what --since takes.",
  ],
  options: [
    { name: "format", value: "FORMAT", summary: `${[...FORMATS.keys()].join(", ")}; default md` },
    { name: "since", value: "OLD.json", summary: "says which findings changed owner since that report" },
    { name: "limit", value: "N", summary: "counts N findings of each rule at most; default 10000" },
    {
      name: "output",
      value: "FILE",
      summary: "writes into FILE instead of the terminal; an existing file is overwritten",
    },
    ...BESIDE_OPTIONS,
  ],
  async run(args, terminal) {
    const [file, other] = args.operands;
    if (file === undefined) throw new UsageError("report needs an ownership file", "report");
    if (other !== undefined) {
      throw new UsageError(`report takes one file: call it once more for ${other}`, "report");
    }
    const render = formatOf(optionValue(args, "format") ?? "md");
    const limit = limitOf(optionValue(args, "limit") ?? "10000", "report");
    const earlier = earlierReport(args);
    const api = await connect(args, terminal);
    const beside = await BesideRules.read(args, terminal, "report");
    const report = await collectReport(api, file, limit, terminal.today, beside);
    const text = render(report, earlier && ownerChanges(earlier, report));
    const output = optionValue(args, "output");
    writeOutput(`${text}\n`, output, terminal, "w");
    if (output !== undefined) terminal.print(`the report is in ${output}`);
    return 0;
  },
};

function formatOf(name: string): Render {
  const render = FORMATS.get(name);
  if (render) return render;
  throw new UsageError(`--format is ${name}: the formats are ${[...FORMATS.keys()].join(", ")}`, "report");
}

function earlierReport(args: CommandArguments): ReportData | undefined {
  const file = optionValue(args, "since");
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
  return parseReport(text, file);
}
