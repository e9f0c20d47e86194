import { explainFinding } from "../program/explainFinding";
import { type Command, STACK_OPTION, UsageError } from "./command";
import { connect } from "./connect";
import { loadRules } from "./loadRules";

const NO_STATE =
  "This command does not read the state: if an earlier deployment of these rules gave the finding to its present owner, the " +
  "next one reassigns it. `explain` of the resource, in the program, takes the state into account.";

export const explain: Command = {
  name: "explain",
  operands: "FILE FINDING_ID",
  summary: "says which rule owns a finding, and why",
  details: [
    "Asks Datadog for the finding, for the owners by name, and for what cannot be decided here, such as free text: one request\n" +
      "each. The exit code is 1 for a finding that Datadog's search does not know.",
    "An id that begins with -- must come after --: explain FILE -- --ID",
  ],
  options: [STACK_OPTION],
  dashedOperands: true,
  async run(args, terminal) {
    const [file, findingId, ...more] = args.operands;
    if (file === undefined || findingId === undefined)
      throw new UsageError("explain needs an ownership file and the id of a finding", "explain");
    if (more.length > 0) throw new UsageError(`explain takes one finding: leave out ${more[0]}`, "explain");
    const api = await connect(args, terminal);
    const { spec, context } = await loadRules(api, file, terminal.today);
    const { outcome, sentences } = await explainFinding(api, spec, context, findingId);
    const text = sentences.join("\n");
    if (outcome === undefined) {
      terminal.complain(text);
      return 1;
    }
    terminal.print(outcome === "leftAlone" ? `${text}\n${NO_STATE}` : text);
    return 0;
  },
};
