/** Colours and the like. */
const SEQUENCES = /\u001b\[[\d;]*m/g;
/**
 * A row of a resource in Pulumi's progress, up to what it is about to be or has become; then comes its last
 * message.
 */
const RESOURCE = /^.*?[+~-].* (\S+:\S+ \S+) .*?(?:create|update|delete)d?(?: \([\d.]+s\))?\u001b\[0m/;

/**
 * What stays on the screen of a person who runs a command of the CLI: the resources as they ended, and what
 * follows them. The rows in between are overwritten there.
 * @param output of the CLI, with colours
 */
export function terminalLines(output: string): string[] {
  const lines = output.split("\n").filter((line) => !isOfThisMachine(line));
  const from = lines.findIndex((line) => /^Diagnostics:/.test(plain(line)));
  if (from < 0) throw new Error(`the CLI has told of no plan:\n${plain(output)}`);
  const resources = new Map<string, string>();
  for (const line of lines.slice(0, from)) {
    const [row, name] = RESOURCE.exec(line) ?? [];
    if (row !== undefined && name !== undefined) resources.set(name, row);
  }
  return withoutBlankEnds([lines[0] ?? "", ...resources.values(), "", ...lines.slice(from)]);
}

/** Where the SDK's own script is used for the provider, as in a CLI that came without one. */
function isOfThisMachine(line: string): boolean {
  return plain(line).includes("using pulumi-resource-pulumi-nodejs from $PATH");
}

export function plain(text: string): string {
  return text.replace(SEQUENCES, "");
}

/** No blank lines at the end, and no two in a row. */
function withoutBlankEnds(lines: readonly string[]): string[] {
  const isBlank = (line: string | undefined) => line === undefined || plain(line).trim() === "";
  const kept = lines.filter((line, index) => !isBlank(line) || !isBlank(lines[index - 1]));
  return isBlank(kept.at(-1)) ? kept.slice(0, -1) : kept;
}
