import { isDeepStrictEqual } from "node:util";
import { isSecret, type PropertyMap, type PropertyValue, UNKNOWN } from "./properties";

/** How one property differs: a list by its elements, regardless of their order; anything else as a whole. */
export type PropertyDiff =
  | { readonly property: string; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly property: string; readonly old: string | undefined; readonly new: string | undefined };

export function showValue(value: PropertyValue): string {
  if (isSecret(value)) return "[secret]";
  return value === UNKNOWN ? "[unknown]" : JSON.stringify(value);
}

function diffList(
  property: string,
  olds: readonly PropertyValue[],
  news: readonly PropertyValue[],
): PropertyDiff {
  const before = new Set(olds.map(showValue));
  const after = new Set(news.map(showValue));
  return {
    property,
    added: [...after].filter((element) => !before.has(element)),
    removed: [...before].filter((element) => !after.has(element)),
  };
}

const show = (value: PropertyValue | undefined) => (value === undefined ? undefined : showValue(value));

/** The differences of two sets of inputs, without the serialized provider. */
export function diffProperties(olds: PropertyMap, news: PropertyMap): PropertyDiff[] {
  const properties = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return properties.flatMap((property): PropertyDiff[] => {
    const [before, after] = [olds[property], news[property]];
    if (property === "__provider" || isDeepStrictEqual(before, after)) return [];
    if (Array.isArray(before) && Array.isArray(after)) return [diffList(property, before, after)];
    if (before === undefined && Array.isArray(after)) return [diffList(property, [], after)];
    return [{ property, old: show(before), new: show(after) }];
  });
}
