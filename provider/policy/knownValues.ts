/**
 * Stands for a value that a preview does not know yet. A policy passes it over: `pulumi up` shows it the real
 * one.
 */
export const unknown: unique symbol = Symbol("not known before the deployment");
export type Unknown = typeof unknown;

/**
 * A plain copy of what a policy is given, with {@link unknown} where a value is not known yet.
 * `@pulumi/policy` hands over proxies that throw when an unknown value is read, and one unknown would end the
 * policy for everything else in the resource.
 */
export function knownValues(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(holder: object, key: string | number): unknown {
  try {
    return knownValues(Reflect.get(holder, key));
  } catch (error) {
    if (isUnknownValueError(error)) return unknown;
    throw error;
  }
}

/** By its shape: the pack's `@pulumi/policy` may be another copy than any that could be loaded from here. */
function isUnknownValueError(error: unknown): boolean {
  return error instanceof Error && "unknownTypeSentinel" in error;
}
