import type { Day } from "../core/day";
import { checkOwnership } from "../rulesFile/checkOwnership";

/** A rule that an import writes, or would write if its owner were known. */
export interface ImportedRule {
  readonly name: string;
  readonly query: string;
  /** undefined: nobody is known. The rule is written as a comment then. */
  readonly assignee: string | undefined;
  /** In front of the rule, as a comment. */
  readonly comment?: string;
}

export interface ImportedFile {
  /** What the file is made of, as comments at its top. */
  readonly heading: readonly string[];
  readonly scope: string | undefined;
  readonly rules: readonly ImportedRule[];
}

/** An ownership file as text. Texts stand in quotes, so that whatever they hold, they stay one value. */
export function renderOwnershipFile({ heading, scope, rules }: ImportedFile): string {
  const known = rules.filter(({ assignee }) => assignee !== undefined);
  const unknown = rules.filter(({ assignee }) => assignee === undefined);
  return [
    ...heading.map((line) => `# ${line}`),
    ...(scope === undefined ? [] : [`scope: ${quoted(scope)}`]),
    "rules:",
    ...known.flatMap(ruleLines).map((line) => `  ${line}`),
    ...(unknown.length === 0 ? [] : ["  # No owner is known for these:"]),
    ...unknown.flatMap(ruleLines).map((line) => `  # ${line}`),
    "",
  ].join("\n");
}

function ruleLines({ name, query, assignee, comment }: ImportedRule): string[] {
  return [
    ...(comment === undefined ? [] : [assignee === undefined ? comment : `# ${comment}`]),
    `- name: ${quoted(name)}`,
    `  query: ${quoted(query)}`,
    `  assignee: ${assignee === undefined ? "" : quoted(assignee)}`.trimEnd(),
  ];
}

/** A text of JSON is one of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A problem of one of several rules, by its place in the list; undefined where it is about all. */
export interface ImportProblem {
  readonly index: number | undefined;
  readonly message: string;
}

/** What `validate` would say is wrong with the rules. */
export function importProblems(
  rules: readonly ImportedRule[],
  scope: string | undefined,
  day: Day,
  rulePlace: (index: number) => string,
): ImportProblem[] {
  const content = {
    ...(scope !== undefined && { scope }),
    rules: rules.map(({ name, query, assignee }) => ({ name, query, assignee })),
  };
  const { errors } = checkOwnership(content, { day, handles: false, rulePlace });
  return errors.map(({ path, message }) => {
    const [key, index] = path;
    const isRule = key === "rules" && typeof index === "number";
    return { index: isRule ? index : undefined, message: isRule ? message : `${String(key)}: ${message}` };
  });
}
