import { suggestedQuery } from "../query/queryHints";

/**
 * What to say of a rule that no finding in scope matches, with what its query may have meant.
 * @throws QuerySyntaxError
 */
export function idleRuleMessage(name: string, query: string, scope = ""): string {
  const near = suggestedQuery(query);
  const where = scope.trim() === "" ? "" : "in scope ";
  const meant = near === undefined ? "" : `; did you mean \`${near}\`?`;
  return `rule "${name}": no finding ${where}matches \`${query.trim()}\`${meant}`;
}
