import { quote } from "./quote";

/** Finds exactly these findings: `@finding_id:("A==" OR "B==")`. */
export function findingIdsQuery(findingIds: readonly string[]): string {
  return `@finding_id:(${findingIds.map(quote).join(" OR ")})`;
}
