import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

const provider = join(__dirname, "..", "..", "provider");

/** Texts of pages and files that are made, which are shown as a whole elsewhere, and no messages. */
const NO_MESSAGES = /^cli\/(html|htmlReport|reportStyle|ownershipBars|initFiles)\.ts$|^dynamic\/serialized/;

/**
 * Every sentence, or part of one, that stands in the source of the provider, by folder: what is put into it as
 * `…`. So no message can be made that nobody reviews.
 */
export function renderSentences(): string {
  const byFolder = new Map<string, Set<string>>();
  for (const file of sources()) {
    const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".";
    const known = byFolder.get(folder) ?? new Set();
    for (const sentence of sentencesOf(file)) known.add(sentence);
    if (known.size > 0) byFolder.set(folder, known);
  }
  return [...byFolder]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, known]) =>
      [`## ${folder}`, "", ...[...known].sort().map((each) => `- ${each}`), ""].join("\n"),
    )
    .join("\n");
}

function sources(): string[] {
  const files = readdirSync(provider, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => relative(provider, join(provider, file)).split(sep).join("/"))
    .filter((file) => !NO_MESSAGES.test(file));
}

function sentencesOf(file: string): string[] {
  const text = readFileSync(join(provider, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    const sentence = textOf(node);
    if (sentence !== undefined && isSentence(sentence)) found.push(sentence.replace(/\s+/g, " ").trim());
    // what is told in the middle of a sentence is found inside of it
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

/** Three words at least, of which two follow each other. */
function isSentence(text: string): boolean {
  return text.trim().split(/\s+/).length >= 3 && /[a-z]{2,},? +[a-z]/i.test(text);
}
