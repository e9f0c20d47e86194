/** The name of the resource that has these inputs; undefined in those of before names were stored. */
export function nameIn({ resourceName }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof resourceName === "string" ? resourceName : undefined;
}
