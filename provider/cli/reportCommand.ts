import { type Command, optionValue, STACK_OPTION, UsageError } from "./command";
import { connect } from "./connect";
import { limitOf } from "./limit";
import { report } from "./report";

export const reportCommand: Command = {
  name: "report",
  operands: "FILE",
  summary: "prints a Markdown table of what the rules cover",
  details: [
    "Reads the findings in scope, 100 to a request: 1,000 requests for 100,000 findings. With --limit N it counts N findings at\n" +
      "most of each rule, and of what no rule claims, with N / 100 + 1 requests each, says where there are more, and gives no\n" +
      "percentage then.",
  ],
  options: [
    { name: "limit", value: "N", summary: "counts so many findings of each rule at most; default 10000" },
    STACK_OPTION,
  ],
  async run(args, terminal) {
    const [file, other] = args.operands;
    if (file === undefined) throw new UsageError("report needs an ownership file", "report");
    if (other !== undefined) {
      throw new UsageError(
        `report takes one file, and ${other} is one more: call it once for each`,
        "report",
      );
    }
    const limit = limitOf(optionValue(args, "limit") ?? "10000", "report");
    terminal.print(await report(await connect(args, terminal), file, limit, terminal.today));
    return 0;
  },
};
