import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { isUnknown } from "../engine/unknown";
import type { OwnershipFields } from "../rules/rule";
import type { Properties } from "./properties";

export type DiffKind = "ADD" | "DELETE" | "UPDATE";

/**
 * Which properties change, by path. The engine takes the values from the inputs: the path of a DELETE counts
 * in the old list, that of an ADD in the new one (recording 004).
 */
export type DetailedDiff = ReadonlyMap<string, DiffKind>;

const list = z.array(z.unknown());

/** What the outputs say of declared ids. */
export interface SettledFindings {
  /** As declared: the others come again. */
  readonly settled: readonly string[];
  /** Those of which something is known: the others are gone already. */
  readonly known: readonly string[];
}

/** An id that leaves, one that comes, the assignee, `onMissing`. */
export function assignmentDiff(
  oldInputs: Properties,
  news: Properties,
  found: SettledFindings,
): DetailedDiff {
  const diff = new Map<string, DiffKind>();
  diffList(diff, "findingIds", oldInputs["findingIds"], news["findingIds"], found);
  const [before, after] = [oldInputs["assignee"], news["assignee"]].map((name) => String(name).toLowerCase());
  if (before !== after) diff.set("assignee", "UPDATE");
  diffValue(diff, "onMissing", oldInputs["onMissing"], news["onMissing"]);
  return diff;
}

/** What an ownership declares beside its lists. The type holds it complete. */
const plainProperties: Readonly<Record<Exclude<keyof OwnershipFields, "rules" | "exclude">, true>> = {
  scope: true,
  maxChanges: true,
  maxChangesPerOwner: true,
  onDelete: true,
  releaseRemoved: true,
};

/** Rules by their names, and what else an ownership declares. */
export function ownershipDiff(oldInputs: Properties, news: Properties): DetailedDiff {
  const diff = new Map<string, DiffKind>();
  diffRules(diff, oldInputs["rules"], news["rules"]);
  diffList(diff, "exclude", oldInputs["exclude"] ?? [], news["exclude"] ?? []);
  for (const name of Object.keys(plainProperties)) diffValue(diff, name, oldInputs[name], news[name]);
  return diff;
}

function diffValue(diff: Map<string, DiffKind>, name: string, before: unknown, after: unknown): void {
  if (isDeepStrictEqual(before, after)) return;
  diff.set(name, before === undefined ? "ADD" : after === undefined ? "DELETE" : "UPDATE");
}

/** @param found default: all that was declared came true */
function diffList(
  diff: Map<string, DiffKind>,
  name: string,
  before: unknown,
  after: unknown,
  found?: SettledFindings,
): void {
  const [olds, news] = [list.safeParse(before).data, list.safeParse(after).data];
  if (!olds || !news || news.some(isUnknown)) {
    diffValue(diff, name, before, after);
    return;
  }
  const wanted = new Set(news);
  const [settled, known] = [new Set<unknown>(found?.settled ?? olds), new Set<unknown>(found?.known ?? olds)];
  for (const [index, item] of olds.entries()) {
    if (!wanted.has(item) && known.has(item)) diff.set(`${name}[${index}]`, "DELETE");
  }
  for (const [index, item] of news.entries()) if (!settled.has(item)) add(diff, `${name}[${index}]`);
}

/** What leaves and what comes at one place of a list are one line: `~ [2]: "c" => "z"`. */
function add(diff: Map<string, DiffKind>, path: string): void {
  diff.set(path, diff.has(path) ? "UPDATE" : "ADD");
}

const named = z.looseObject({ name: z.string() });
const rules = z.array(named);

/**
 * A rule that stays at its place among those that stay shows what changed in it; one that moves leaves, and
 * comes.
 */
function diffRules(diff: Map<string, DiffKind>, before: unknown, after: unknown): void {
  const [olds, news] = [rules.safeParse(before).data, rules.safeParse(after).data];
  if (!olds || !news) {
    diffValue(diff, "rules", before, after);
    return;
  }
  const staying = new Set(
    inOrder(
      olds.map(({ name }) => name),
      news.map(({ name }) => name),
    ),
  );
  for (const [index, rule] of olds.entries()) {
    const successor = news.find(({ name }) => name === rule.name);
    if (staying.has(rule.name) && isDeepStrictEqual(rule, successor)) continue;
    // The same path leads to it before and after: then the engine can show what changed inside.
    if (successor && news.indexOf(successor) === index) diffRule(diff, `rules[${index}]`, rule, successor);
    else diff.set(`rules[${index}]`, "DELETE");
  }
  for (const [index, rule] of news.entries()) {
    const predecessor = olds.find(({ name }) => name === rule.name);
    if (predecessor && olds.indexOf(predecessor) === index) continue;
    if (!(staying.has(rule.name) && isDeepStrictEqual(rule, predecessor))) add(diff, `rules[${index}]`);
  }
}

function diffRule(diff: Map<string, DiffKind>, path: string, before: Properties, after: Properties): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    diffValue(diff, `${path}.${name}`, before[name], after[name]);
  }
}

/** The longest run of names that are in both lists in the same order. */
function inOrder(olds: readonly string[], news: readonly string[]): readonly string[] {
  let best: string[][] = news.map(() => []);
  for (const name of olds) {
    const next: string[][] = [];
    for (const [index, other] of news.entries()) {
      const left = next[index - 1] ?? [];
      const above = best[index] ?? [];
      const through = name === other ? [...(best[index - 1] ?? []), name] : [];
      next.push([left, above, through].reduce((one, two) => (two.length > one.length ? two : one)));
    }
    best = next;
  }
  return best.at(-1) ?? [];
}
