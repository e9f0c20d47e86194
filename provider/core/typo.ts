import { distance } from "fastest-levenshtein";

/** At most one typo apart, ignoring case: a letter more, less or other, or two neighbours exchanged. */
export function isOneTypoAway(text: string, other: string): boolean {
  const [one, two] = [text.toLowerCase(), other.toLowerCase()];
  if (one === two) return true;
  if (Math.abs(one.length - two.length) > 1) return false;
  // One typo leaves the beginning as it was, or the end.
  const half = Math.floor(Math.min(one.length, two.length) / 2) - 1;
  const isNear =
    half <= 0 || one.slice(0, half) === two.slice(0, half) || one.slice(-half) === two.slice(-half);
  return isNear && (distance(one, two) <= 1 || isExchanged(one, two));
}

function isExchanged(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return at >= 0 && one.slice(0, at) + (one[at + 1] ?? "") + (one[at] ?? "") + one.slice(at + 2) === other;
}
