import { type DocumentPath, valueAt } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";
import { locate, type OwnershipDocument } from "./ownershipDocument";
import type { OwnershipFileProblem } from "./ownershipFileError";
import { includedFileSchema, ownershipFileSchema } from "./ownershipSchema";
import { expandPeople, type People, peopleIn } from "./people";
import { schemaProblems } from "./schemaProblems";

interface PlacedRule {
  readonly document: OwnershipDocument;
  /** Its place among the rules of its file. */
  readonly index: number;
}

/** How many rules of the list a file brings. */
export interface FileShare {
  readonly file: string;
  readonly rules: number;
}

/** An ownership file and those that it includes as one declaration: their rules first, then its own. */
export class MergedFiles {
  /** As the main file would be if it held all rules, with owners in the place of `@name`. */
  readonly content: unknown;
  /** What is wrong with single files, apart from their rules. */
  readonly problems: readonly OwnershipFileProblem[];
  /** In the order of the rules. */
  readonly shares: readonly FileShare[];
  readonly #main: OwnershipDocument;
  readonly #origins: readonly PlacedRule[];

  constructor(main: OwnershipDocument, included: readonly OwnershipDocument[]) {
    const general = peopleIn(main.content);
    const files = [
      ...included.map((document) => readFile(document, general, true)),
      readFile(main, general, false),
    ];
    this.#main = main;
    this.#origins = files.flatMap(({ document, rules }) => rules.map((_, index) => ({ document, index })));
    this.problems = files.flatMap(({ document, problems }) => problems.map((each) => locate(document, each)));
    this.shares = files
      .map(({ document, rules }) => ({ file: document.file, rules: rules.length }))
      .filter(({ rules }) => rules > 0);
    this.content = withRules(
      main.content,
      files.flatMap(({ rules }) => rules),
    );
  }

  /** Says in which file a problem of `content` is, and where. */
  locate(problem: DocumentProblem): OwnershipFileProblem {
    const [key, place, ...rest] = problem.path;
    const origin = key === "rules" && typeof place === "number" ? this.#origins[place] : undefined;
    if (!origin) return locate(this.#main, problem);
    return locate(origin.document, { ...problem, path: ["rules", origin.index, ...rest] });
  }

  /** How to say where a rule of `content` stands: with its file where there are several. */
  rulePlace(index: number): string {
    if (this.shares.length < 2) return `rule ${index + 1}`;
    const { file, line } = this.locate({ path: ["rules", index], message: "" });
    return `${file}:${line}`;
  }
}

interface ReadFile {
  readonly document: OwnershipDocument;
  readonly rules: readonly unknown[];
  readonly problems: readonly DocumentProblem[];
}

function readFile(document: OwnershipDocument, general: People, isIncluded: boolean): ReadFile {
  const { content } = document;
  const own = isIncluded ? peopleIn(content) : new Map<string, readonly string[]>();
  const declared = valueAt(content, ["rules"]);
  const { rules, problems } = expandPeople(
    Array.isArray(declared) ? declared : [],
    new Map([...general, ...own]),
  );
  if (!isIncluded) return { document, rules, problems };
  const doubles = [...own.keys()].filter((name) => general.has(name)).map(nameIsTaken);
  return { document, rules, problems: [...shapeProblems(content), ...doubles, ...problems] };
}

function nameIsTaken(name: string): DocumentProblem {
  const message = `the file that includes this one has the name "${name}" as well: give one of the two another name`;
  return { path: ["people", name], message, atKey: true };
}

function shapeProblems(content: unknown): DocumentProblem[] {
  const parsed = includedFileSchema.safeParse(content);
  if (parsed.success) return [];
  const problems = schemaProblems(parsed.error, content, Object.keys(includedFileSchema.shape));
  return problems.map((problem) => (problem.atKey ? { ...problem, message: keyMessage(problem) } : problem));
}

function keyMessage({ path, message }: { path: DocumentPath; message: string }): string {
  const key = String(path.at(-1));
  if (path.length !== 1 || !Object.hasOwn(ownershipFileSchema.shape, key)) return message;
  return key === "include"
    ? "a file that is included cannot include others: name them all in the file that includes this one"
    : `"${key}" is for all rules: it belongs in the file that includes this one`;
}

/** What is no list of rules stays there, so that it is told. */
function withRules(content: unknown, rules: readonly unknown[]): unknown {
  const declared = valueAt(content, ["rules"]);
  const isReplaceable = declared === undefined || Array.isArray(declared);
  const isMapping = typeof content === "object" && content !== null && !Array.isArray(content);
  if (!isMapping || !isReplaceable || (declared === undefined && rules.length === 0)) return content;
  return { ...content, rules };
}
