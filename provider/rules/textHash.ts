/** 64 bits of a text, as two whole numbers of 32 bits. */
export interface TextHash {
  readonly high: number;
  readonly low: number;
}

/**
 * A hash for spreading, not for secrets: FNV-1a twice, from different beginnings, mixed until each bit
 * depends on all. Whole numbers alone, so it is the same on every machine.
 */
export function textHash(text: string): TextHash {
  let high = 0x811c9dc5;
  let low = 0x5bd1e995;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x01000193);
    low = (low << 13) | (low >>> 19);
  }
  return { high: mixed(high ^ text.length), low: mixed(low + high) };
}

/** A fraction between 0 and 1, neither included, that depends on both texts and looks like chance. */
export function pairFraction(one: TextHash, other: TextHash): number {
  const first = mixed(one.high + other.high);
  const second = mixed((one.low ^ first) + other.low);
  const bits = (second >>> 0) * 2 ** 20 + (mixed(first ^ second) >>> 12);
  return (bits + 0.5) / 2 ** 52;
}

/** The end of MurmurHash3: changes about half of the bits when one changes. */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
