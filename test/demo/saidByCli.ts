/** How the Automation API puts what a CLI that fails has printed. Source: automation/errors.ts of the SDK. */
const COMMAND_ERROR = /^code: .*?\n stdout: ([^]*)\n stderr: ([^]*?)\n err\?: [^]*$/;

/** The words of a CLI that failed, out of those of the Automation API; any other message as it is. */
export function saidByCli(message: string): string {
  const [whole, stdout = "", stderr = ""] = COMMAND_ERROR.exec(message) ?? [];
  if (whole === undefined) return message;
  return [stderr, stdout]
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n");
}
