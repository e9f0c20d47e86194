/** What Datadog reads as syntax where it stands unescaped and unquoted, and what to write instead. */
const SPECIAL: ReadonlyArray<readonly [written: string, advice: string]> = [
  ["&&", "AND is the operator, not &&"],
  ["||", "OR is the operator, not ||"],
  ["!", "NOT is written - or NOT, not !"],
  ...["#", "=", "<", ">", "[", "]", "{", "}"].map(
    (sign) => [sign, `${sign} has a meaning of its own`] as const,
  ),
  ...["“", "”"].map((sign) => [sign, `${sign} does not quote, " does`] as const),
];

/**
 * Why the text at this place cannot stand in a word, a value or the name of a field; undefined where it can.
 *
 * Datadog asks for an escape of more: `-`, `:`, `*` and `?`. Those are left to their writers, since Datadog's
 * own examples have them unescaped in UUIDs and addresses, and as wildcards.
 *
 * @see https://docs.datadoghq.com/logs/explorer/search_syntax/#escape-special-characters-and-spaces
 */
export function specialAt(query: string, at: number): string | undefined {
  const found = SPECIAL.find(([written]) => query.startsWith(written, at));
  if (!found) return undefined;
  const [written, advice] = found;
  return `${advice}; as a part of a text, quote the whole value or write ${written.replace(/./gu, "\\$&")}`;
}
