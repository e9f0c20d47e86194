/** Where in a document: `["rules", 2, "assignee"]`. */
export type DocumentPath = ReadonlyArray<string | number>;

/** `rules[2].assignee`, as programs write it. */
export function formatPath(path: DocumentPath): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${key}`))
    .join("");
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(document: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    document,
  );
}
