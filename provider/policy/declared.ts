import { z } from "zod";
import { type Day, dayOf } from "../core/day";
import {
  assignmentType,
  ownershipType,
  pluginAssignmentType,
  pluginOwnershipType,
} from "../engine/resourceTypes";
import { QuerySyntaxError } from "../query/querySyntaxError";
import { effectiveQuery, isInForce } from "../rules/effectiveOwnership";
import { FINDING_TYPES } from "../rules/findingTypes";
import { knownValues, type Unknown, unknown } from "./knownValues";

/** Of both providers: the same declaration, the same policies. */
const assignmentTypes = [assignmentType, pluginAssignmentType];
const ownershipTypes = [ownershipType, pluginOwnershipType];

/**
 * As declared, not known yet, or (undefined) not declared or of a wrong type, which the resource's own check
 * reports.
 */
export type Declared<T> = T | Unknown | undefined;

const unknownValue = z.custom<Unknown>((value) => value === unknown);

const declared = <T>(schema: z.ZodType<T>) => z.union([unknownValue, schema.optional()]).catch(undefined);

const text = declared(z.string());
const list = <T>(item: z.ZodType<T>) => declared(z.array(item));

const rule = z.object({
  name: text,
  query: text,
  assignee: text,
  assignees: list(declared(z.union([z.string(), z.object({ assignee: text })]))),
  overwrite: declared(z.boolean()),
  note: text,
  findingTypes: list(z.enum(FINDING_TYPES)),
  enabled: declared(z.boolean()),
  until: text,
});

const assignment = z.object({
  findingIds: list(text),
  assignee: text,
  failures: list(declared(z.object({ findingId: text }))),
  missing: list(text),
  releasing: list(text),
});

const ownership = z.object({ rules: list(declared(rule)), scope: text });

export type DeclaredRule = z.infer<typeof rule>;
export type DeclaredAssignment = z.infer<typeof assignment>;
export type DeclaredOwnership = z.infer<typeof ownership>;

/** What a policy knows of a resource. */
export interface SeenResource {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The assignment that this resource is, or undefined if it is something else. */
export function declaredAssignment({ type, props }: SeenResource): DeclaredAssignment | undefined {
  return assignmentTypes.includes(type) ? assignment.parse(knownValues(props)) : undefined;
}

/**
 * The ownership that this resource is, or undefined if it is something else. Its rules are those in force,
 * each with the one query that its types and its own query make.
 * @param today in UTC
 */
export function declaredOwnership(
  { type, props }: SeenResource,
  today: Day = dayOf(Date.now()),
): DeclaredOwnership | undefined {
  if (!ownershipTypes.includes(type)) return undefined;
  const { rules, ...rest } = ownership.parse(knownValues(props));
  return { ...rest, rules: rules === unknown ? unknown : rules?.flatMap((each) => effective(each, today)) };
}

function effective(declared: Declared<DeclaredRule>, today: Day): Declared<DeclaredRule>[] {
  if (declared === unknown || declared === undefined) return [declared];
  const { enabled, until } = declared;
  // It may be in force or not, so nothing can be said of it.
  if (enabled === unknown || until === unknown) return [unknown];
  if (!isInForce({ name: "", assignee: "", enabled, until }, today)) return [];
  return [{ ...declared, query: queryOf(declared) }];
}

function queryOf({ query, findingTypes }: DeclaredRule): Declared<string> {
  if (query === unknown || findingTypes === unknown) return unknown;
  try {
    return findingTypes === undefined ? query : effectiveQuery({ query, findingTypes });
  } catch (error) {
    // The ownership's own check reports it with its position.
    if (error instanceof QuerySyntaxError) return query;
    throw error;
  }
}

/** A rule that is known as a whole, or in part, with its place in the list, from 1. */
export interface PlacedRule {
  readonly place: number;
  readonly rule: DeclaredRule;
}

/** The rules of an ownership, without those that are not known yet. */
export function rulesOf({ rules }: DeclaredOwnership): PlacedRule[] {
  return known(rules, []).flatMap((rule, index) =>
    rule === unknown || rule === undefined ? [] : [{ place: index + 1, rule }],
  );
}

/** The owners that a rule names, as far as they are known. */
export function ownersOf({ assignee, assignees }: DeclaredRule): string[] {
  const listed = known(assignees, []).map((owner) => (typeof owner === "object" ? owner.assignee : owner));
  return [assignee, ...listed].filter((owner) => typeof owner === "string");
}

/** The value if it is known and there, else the other one. */
export function known<T>(value: Declared<T>, otherwise: T): T {
  return value === unknown || value === undefined ? otherwise : value;
}

/** How a message calls a rule: by its name, or by its place if it has none. */
export function ruleTitle({ place, rule }: PlacedRule): string {
  const name = known(rule.name, "").trim();
  return name === "" ? `rule ${place}` : `rule "${name}"`;
}
