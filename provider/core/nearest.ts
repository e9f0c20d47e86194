import { distance } from "fastest-levenshtein";

/**
 * The text that is most like another one, ignoring case: at most 2 changes, or a third of its length; else
 * undefined.
 */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const far = (other: string) => distance(text.toLowerCase(), other.toLowerCase());
  const [best] = [...known].sort((one, other) => far(one) - far(other));
  return best !== undefined && far(best) <= Math.max(2, text.length / 3) ? best : undefined;
}
