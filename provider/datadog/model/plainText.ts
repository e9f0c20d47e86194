/** More than Datadog's own texts have. */
const MOST_CHARACTERS = 1_000;

/**
 * What an answer says, fit for a terminal and for the state: one line of at most 1,000 characters, without
 * control characters, without those that turn the direction of writing, without halves of characters, which
 * are no text, and without what a CI system would obey.
 */
export function plainText(text: string): string {
  const plain = plainLine(text.slice(0, MOST_CHARACTERS)).trim();
  return text.length > MOST_CHARACTERS ? `${plain} …` : plain;
}

/** The same for a whole line that quotes data, such as ids: nothing is cut, and its indentation stays. */
export function plainLine(line: string): string {
  return line
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(COMMAND, (marks) => [...marks].join(" "));
}

/**
 * How lines of output command GitHub Actions (`::add-mask::` at their start, `##[group]` anywhere), Azure
 * Pipelines (`##vso[`) and TeamCity (`##teamcity[`).
 */
const COMMAND = /(?<=^\s*)::(?=[a-z][\w-]*(?:\s.*)?::)|##(?=\w*\[)/gi;
