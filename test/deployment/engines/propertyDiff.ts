import { isDeepStrictEqual } from "node:util";
import { mapSecrets, type PropertyMap, type PropertyValue, UNKNOWN } from "../../engine/properties";

/** How one property differs: a list by its elements, regardless of their order; anything else as a whole. */
export interface PropertyDiff {
  readonly property: string;
  readonly isList: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A value as people read it: neither a secret nor the mark of an unknown value is for them. */
export const showValue = (value: PropertyValue): string =>
  JSON.stringify(mapSecrets(value, () => "[secret]"))
    .replaceAll('"[secret]"', "[secret]")
    .replaceAll(`"${UNKNOWN}"`, "[unknown]");

const elements = (value: PropertyValue | undefined): Set<string> =>
  new Set((Array.isArray(value) ? value : value === undefined ? [] : [value]).map(showValue));

/**
 * The differences of two sets of inputs, without what the engine shows to nobody: names that begin with two
 * underscores.
 */
export function diffProperties(olds: PropertyMap, news: PropertyMap): PropertyDiff[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  const changed = names.filter(
    (name) => !name.startsWith("__") && !isDeepStrictEqual(olds[name], news[name]),
  );
  return changed.map((property) => {
    const [before, after] = [elements(olds[property]), elements(news[property])];
    const isList = Array.isArray(olds[property]) || Array.isArray(news[property]);
    // two secrets look the same, and yet they differ
    const without = (own: Set<string>, other: Set<string>) =>
      [...own].filter((element) => !isList || !other.has(element));
    return { property, isList, added: without(after, before), removed: without(before, after) };
  });
}
