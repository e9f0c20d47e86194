import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export interface CodeBlock {
  /** `docs/owners.md:12`, for the names of tests. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** `run: COMMAND` or `file: NAME`, as a comment before the block says it. */
  readonly note: string | undefined;
}

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
}

/** With a comment in front of it, where there is one. */
const BLOCK = /(?:^<!-- ([^\n]*) -->\n)?^```(\S*)\n(.*?)^```$/gms;

/** What users read: the README, and all of docs/. */
export const pages: readonly Page[] = ["README.md", ...docs()].map((path) => {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, blocks: blocksOf(path, text) };
});

function docs(): string[] {
  const files = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
  return files.sort().map((file) => `docs/${file}`);
}

/** Of the page with this path. */
export function pageOf(path: string): Page {
  const page = pages.find((each) => each.path === path);
  if (!page) throw new Error(`there is no page ${path}`);
  return page;
}

function blocksOf(path: string, text: string): CodeBlock[] {
  return [...text.matchAll(BLOCK)].map(({ 1: note, 2: language = "", 3: code = "", index }) => ({
    place: `${path}:${text.slice(0, index).split("\n").length}`,
    language,
    text: code,
    note,
  }));
}

/** The text without its code blocks, in which nothing is a link. */
export function prose(text: string): string {
  return text.replace(BLOCK, "").replace(/`[^`\n]*`/g, "");
}
