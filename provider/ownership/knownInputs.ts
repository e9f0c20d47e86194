import { isUnknown } from "../engine/unknown";
import type { DocumentPath } from "../rulesFile/documentPath";

type Props = Readonly<Record<string, unknown>>;

export interface KnownInputs {
  /** The inputs with something valid in the place of what is not known. */
  readonly known: Props;
  /** Where a value is not known yet: `["rules", 2, "assignee"]`. */
  readonly unknown: readonly DocumentPath[];
}

/**
 * What a preview knows of rules before the resources that they depend on are deployed, so that it can check
 * that much.
 */
export function knownInputs(inputs: Props): KnownInputs {
  const unknown = unknownPaths(inputs, []);
  if (unknown.length === 0) return { known: inputs, unknown };
  const { rules } = inputs;
  return {
    known: {
      ...withoutUnknown(inputs),
      rules: Array.isArray(rules) ? rules.map(knownRule) : isUnknown(rules) ? [placeholder(0)] : rules,
      ...(Array.isArray(inputs.exclude) && { exclude: inputs.exclude.filter((id) => !isUnknown(id)) }),
    },
    unknown,
  };
}

/** Whether something is said of a value that is not known, or of what holds such a value. */
export function isAbout(path: DocumentPath, unknown: DocumentPath): boolean {
  return path.slice(0, unknown.length).every((key, index) => key === unknown[index]);
}

function unknownPaths(value: unknown, path: DocumentPath): DocumentPath[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...path, key]));
}

function knownRule(rule: unknown, index: number): unknown {
  if (isUnknown(rule)) return placeholder(index);
  if (typeof rule !== "object" || rule === null) return rule;
  const stand = placeholder(index);
  const missing = Object.entries(stand).filter(([key]) => isUnknown(Reflect.get(rule, key)));
  // Types that are not known yet make the rule another one, too.
  const query = isUnknown(Reflect.get(rule, "findingTypes")) ? { query: stand.query } : {};
  const owners = isUnknown(Reflect.get(rule, "assignees")) ? { assignees: [stand.assignee] } : {};
  return { ...withoutUnknown({ ...rule }), ...Object.fromEntries(missing), ...query, ...owners };
}

function withoutUnknown(inputs: Props): Props {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isUnknown(value)));
}

/** Like no other rule. */
function placeholder(index: number): Props {
  return { name: `\0${index}`, query: `@finding_id:"\0${index}"`, assignee: "somebody@example.com" };
}
