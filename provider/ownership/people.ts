import { nearest } from "../core/nearest";
import { valueAt } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";

/** How a name of `people` looks. Without flags, since the JSON schema holds it too. */
export const PERSON_NAME_PATTERN = "^[A-Za-z0-9_][A-Za-z0-9_-]*$";
/** How a rule refers to one. */
export const REFERENCE_PATTERN = "^@[A-Za-z0-9_][A-Za-z0-9_-]*$";

const REFERENCE = new RegExp(REFERENCE_PATTERN);

/** The owners behind each name. */
export type People = ReadonlyMap<string, readonly string[]>;

/** The names that a file defines, as far as they are written as the schema wants it. */
export function peopleIn(content: unknown): Map<string, readonly string[]> {
  const people = valueAt(content, ["people"]);
  if (typeof people !== "object" || people === null) return new Map();
  return new Map(
    Object.entries(people).map(([name, value]) => {
      const owners: unknown[] = Array.isArray(value) ? value : [value];
      return [name, owners.filter((owner) => typeof owner === "string")];
    }),
  );
}

export interface ExpandedRules {
  readonly rules: readonly unknown[];
  readonly problems: readonly DocumentProblem[];
}

/** In the place of an owner that could not be found: an error is told anyway. */
const SOMEBODY = "somebody@example.com";

/**
 * Puts owners in the place of `@name`.
 * @param rules as written: nothing is known of them yet
 */
export function expandPeople(rules: readonly unknown[], people: People): ExpandedRules {
  const problems: DocumentProblem[] = [];
  const expanded = rules.map((rule, index) => {
    const assignee = valueAt(rule, ["assignee"]);
    if (typeof rule !== "object" || typeof assignee !== "string" || !REFERENCE.test(assignee)) return rule;
    const owners = people.get(assignee.slice(1));
    const [owner = SOMEBODY, ...others] = owners ?? [];
    const path = ["rules", index, "assignee"];
    if (!owners) problems.push({ path, message: unknownName(assignee, people) });
    if (others.length > 0) problems.push({ path, message: severalOwners(assignee, owners?.length ?? 0) });
    return { ...rule, assignee: owner };
  });
  return { rules: expanded, problems };
}

function unknownName(reference: string, people: People): string {
  const names = [...people.keys()];
  const near = nearest(reference.slice(1), names);
  const known =
    names.length === 0 ? "there are no people" : `people has ${names.map((name) => `@${name}`).join(", ")}`;
  return `nobody is called ${reference}: ${near === undefined ? known : `did you mean "@${near}"?`}`;
}

function severalOwners(reference: string, count: number): string {
  return `${reference} stands for ${count} owners, and a rule has one: name one of them`;
}
