import { explainFinding } from "../program/explainFinding";
import { BESIDE_OPTIONS, BesideRules } from "./besideRules";
import { type Command, UsageError } from "./command";
import { connect } from "./connect";
import { loadRules } from "./loadRules";

const NO_STATE =
  "This answer does not use the state of a stack: if these rules gave the finding to its present owner in an earlier deployment, " +
  "the next one reassigns it. --stack NAME reads the state.";

export const explain: Command = {
  name: "explain",
  operands: "FILE FINDING_ID",
  summary: "says which rule owns a finding, and why",
  details: [
    "Asks Datadog for the finding, for the owners by name, and for what cannot be decided here, such as free text: one request\n" +
      "each. The exit code is 1 for a finding that Datadog's search does not know.",
    "It reads the file, not the program. With --stack NAME it also reads the state: to whom earlier deployments gave findings, so\n" +
      "that the next one takes them from former owners; and the ids of each FindingsAssignment, which rules leave alone.\n" +
      "--exclude reads those of a list that is not deployed yet.",
    "An id that begins with -- must come after --: explain FILE -- --ID",
  ],
  options: BESIDE_OPTIONS,
  dashedOperands: true,
  async run(args, terminal) {
    const [file, findingId, ...more] = args.operands;
    if (file === undefined || findingId === undefined)
      throw new UsageError("explain needs an ownership file and the id of a finding", "explain");
    if (more.length > 0) throw new UsageError(`explain takes one finding: leave out ${more[0]}`, "explain");
    const api = await connect(args, terminal);
    const beside = await BesideRules.read(args, terminal, "explain");
    const { spec, context } = await loadRules(api, file, terminal.today, beside);
    const { outcome, sentences } = await explainFinding(api, spec, context, findingId);
    const by = beside.leftOut.find(({ findingIds }) => findingIds.includes(findingId))?.by;
    const text = [
      ...sentences,
      ...(by === undefined ? [] : [`These rules leave the finding out, because it is in ${by}.`]),
    ].join("\n");
    if (outcome === undefined) {
      terminal.complain(text);
      return 1;
    }
    terminal.print(outcome === "leftAlone" && !beside.state ? `${text}\n${NO_STATE}` : text);
    return 0;
  },
};
