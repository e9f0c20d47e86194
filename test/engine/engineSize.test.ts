import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What speaks to the SDK's processes, and not the engine itself. */
const wire = new Set([
  "childProcess.ts",
  "messageFields.ts",
  "project.ts",
  "properties.ts",
  "provider.ts",
  "providerError.ts",
  "sdkProtobuf.ts",
]);

/** The lines on which there is a token: neither blank nor comments only. */
function linesOfCode(file: string): number {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.EndOfFileToken) return;
    const children = node.getChildren(source);
    for (const child of children) visit(child);
    if (children.length > 0) return;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    for (let at = source.getLineAndCharacterOfPosition(node.getStart(source)).line; at <= last; at++)
      lines.add(at);
  };
  visit(source);
  return lines.size;
}

describe("the size of the embedded engine", () => {
  it("is what its header says, to the next fifty lines", () => {
    const files = readdirSync(__dirname).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    const upToFifty = (names: readonly string[]) => {
      const lines = names.map((name) => linesOfCode(join(__dirname, name))).reduce((a, b) => a + b, 0);
      return (50 * Math.ceil(lines / 50)).toLocaleString("en-US");
    };
    const header = readFileSync(join(__dirname, "index.ts"), "utf8").split("*/")[0] ?? "";
    assert.deepEqual(header.match(/\b[\d,]+(?= (lines of code|of these))/g), [
      upToFifty(files),
      upToFifty(files.filter((name) => !wire.has(name))),
    ]);
  });
});
