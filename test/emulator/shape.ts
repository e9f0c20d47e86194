/**
 * Where a value has another shape than recorded samples, as one line each; none: the same shape.
 *
 * A key that all samples have must be there; a key that no sample has must be among `additions` (dotted
 * paths, `[]` for the elements of a list); and a value must have a type that some sample has there. Where a
 * sample has null, its type is unknown and any will do. All elements of a list are samples of one another.
 */
export function shapeDifferences(
  actual: unknown,
  samples: readonly unknown[],
  additions: readonly string[] = [],
  path = "",
): string[] {
  const types = new Set(samples.map(typeOf));
  if (types.has("null")) return [];
  const type = typeOf(actual);
  if (!types.has(type)) return [`${path}: ${type} instead of ${[...types].join(" or ")}`];
  if (Array.isArray(actual)) return listDifferences(actual, samples.filter(Array.isArray), additions, path);
  if (isRecord(actual)) return recordDifferences(actual, samples.filter(isRecord), additions, path);
  return [];
}

function listDifferences(
  actual: readonly unknown[],
  samples: readonly (readonly unknown[])[],
  additions: readonly string[],
  path: string,
): string[] {
  const elements = samples.flat();
  if (elements.length === 0) return [];
  return actual.flatMap((element) => shapeDifferences(element, elements, additions, `${path}[]`));
}

function recordDifferences(
  actual: Readonly<Record<string, unknown>>,
  samples: readonly Readonly<Record<string, unknown>>[],
  additions: readonly string[],
  path: string,
): string[] {
  const known = new Set(samples.flatMap((sample) => Object.keys(sample)));
  const needed = [...known].filter((key) => samples.every((sample) => key in sample));
  const missing = needed.filter((key) => !(key in actual)).map((key) => `${join(path, key)}: missing`);
  const others = Object.entries(actual).flatMap(([key, value]) => {
    const inner = join(path, key);
    if (additions.includes(inner)) return [];
    if (!known.has(key)) return [`${inner}: in no recording`];
    const inners = samples.filter((sample) => key in sample).map((sample) => sample[key]);
    return shapeDifferences(value, inners, additions, inner);
  });
  return [...missing, ...others];
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeOf(value) === "object";
}
