import { isMap, isSecret, type PropertyValue, UNKNOWN } from "./properties";

/** A property as the real engine prints it in a check failure: Go's `%v` of its own types. */
export function goString(value: PropertyValue | undefined): string {
  if (value === undefined || value === null) return "<nil>";
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return `[${value.map((element) => `{${goString(element)}}`).join(" ")}]`;
  if (!isMap(value)) return String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([key, field]) => `${key}:{${goString(field)}}`).join(" ")}]`;
}
