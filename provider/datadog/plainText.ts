/** More than Datadog's own texts have. */
const MOST_CHARACTERS = 1_000;

/**
 * What an answer says, fit for a terminal and for the state: one line of at most 1,000 characters, without control characters,
 * without those that turn the direction of writing, and without halves of characters, which are no text.
 */
export function plainText(text: string): string {
  const plain = text
    .slice(0, MOST_CHARACTERS)
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/\p{Cs}/gu, "\ufffd")
    .trim();
  return text.length > MOST_CHARACTERS ? `${plain} …` : plain;
}
