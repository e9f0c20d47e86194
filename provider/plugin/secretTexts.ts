/** A shorter text would be found in the middle of words. */
const SHORTEST = 3;

/** The secrets that resources were declared with: no message names one. */
export class SecretTexts {
  readonly #texts = new Set<string>();
  #pattern: RegExp | undefined;

  add(texts: Iterable<string>): void {
    for (const text of texts) {
      if (text.length < SHORTEST || this.#texts.has(text)) continue;
      this.#texts.add(text);
      this.#pattern = undefined;
    }
  }

  /** The text with `[secret]` in the place of each secret, in whatever case. */
  redact(text: string): string {
    if (this.#texts.size === 0) return text;
    this.#pattern ??= patternOf(this.#texts);
    return text.replace(this.#pattern, "[secret]");
  }
}

function patternOf(texts: Iterable<string>): RegExp {
  // The longest first: one secret may be part of another.
  const longestFirst = [...texts].sort((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "gi");
}
