import { nearest } from "../core/nearest";
import { type DocumentPath, valueAt } from "./documentPath";
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
 * Puts owners in the place of `@name`: where it stands for several, the rule gets a list of them.
 * @param rules as written: nothing is known of them yet
 */
export function expandPeople(rules: readonly unknown[], people: People): ExpandedRules {
  const problems: DocumentProblem[] = [];
  const expanded = rules.map((rule, index) => {
    if (typeof rule !== "object" || rule === null) return rule;
    const ownersAt = (value: unknown, path: DocumentPath) =>
      ownersOf(value, ["rules", index, ...path], people, problems);
    const single = ownersAt(valueAt(rule, ["assignee"]), ["assignee"]);
    const list = valueAt(rule, ["assignees"]);
    return {
      ...rule,
      ...(single && withOwners(rule, single)),
      ...(Array.isArray(list) && {
        assignees: list.flatMap((owner, place) => inList(owner, place, ownersAt)),
      }),
    };
  });
  return { rules: expanded, problems };
}

/** A list beside an `assignees` that is there already would hide a mistake. */
function withOwners(rule: object, owners: readonly string[]): object {
  const [owner, ...others] = owners;
  return others.length === 0 || "assignees" in rule
    ? { assignee: owner }
    : { assignee: undefined, assignees: owners };
}

type OwnersAt = (value: unknown, path: DocumentPath) => readonly string[] | undefined;

/** Each of several owners has the weight of the name. */
function inList(owner: unknown, place: number, ownersAt: OwnersAt): unknown[] {
  const named = ownersAt(owner, ["assignees", place]);
  if (named) return [...named];
  if (typeof owner !== "object" || owner === null) return [owner];
  const weighted = ownersAt(valueAt(owner, ["assignee"]), ["assignees", place, "assignee"]);
  return weighted ? weighted.map((assignee) => ({ ...owner, assignee })) : [owner];
}

/** undefined: the value is no reference. */
function ownersOf(
  value: unknown,
  path: DocumentPath,
  people: People,
  problems: DocumentProblem[],
): readonly string[] | undefined {
  if (typeof value !== "string" || !REFERENCE.test(value)) return undefined;
  const owners = people.get(value.slice(1));
  if (owners && owners.length > 0) return owners;
  if (!owners) problems.push({ path, message: unknownName(value, people) });
  return [SOMEBODY];
}

function unknownName(reference: string, people: People): string {
  const names = [...people.keys()];
  const name = reference.slice(1);
  const near = nearest(name, names);
  const known =
    names.length === 0
      ? `add people: { ${name}: [E-MAIL] } to the file`
      : `people defines ${names.map((each) => `@${each}`).join(", ")}`;
  return `people does not define ${reference}: ${near === undefined ? known : `did you mean "@${near}"?`}`;
}
