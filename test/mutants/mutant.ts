/** A provider that is broken in one way. */
export interface Mutant {
  /** What it does wrong, as a sentence about the provider: "skips ...". */
  readonly name: string;
  readonly changes: readonly Change[];
}

/** A change of the provider's source, wherever it stands: files may be moved, names may not. */
export type Change = WrappedFunction | ReplacedText;

/** An exported function that is called through another one. */
export interface WrappedFunction {
  /** Name of the function, which one file of the provider exports. */
  readonly wraps: string;
  /** JavaScript: a function that takes the original and then its arguments. */
  readonly as: string;
}

/** A text that one file of the provider has once. */
export interface ReplacedText {
  readonly replaces: string | RegExp;
  readonly by: string;
}

/**
 * @param sources texts by path; changed in place. @throws Error where what is to be changed is not there
 * exactly once
 */
export function breakProvider(sources: Map<string, string>, { name, changes }: Mutant): void {
  for (const change of changes) {
    const { pattern, replacement, what } = textChange(change);
    const places = [...sources].flatMap(([path, text]) => [...text.matchAll(pattern)].map(() => path));
    const [path] = places;
    if (path === undefined || places.length > 1)
      throw new Error(
        `mutant "${name}": ${what} is there ${places.length} times, not once: rewrite the mutant`,
      );
    sources.set(path, (sources.get(path) ?? "").replace(pattern, replacement));
  }
}

interface TextChange {
  /** With the flag g. */
  readonly pattern: RegExp;
  readonly replacement: (...match: string[]) => string;
  readonly what: string;
}

function textChange(change: Change): TextChange {
  if ("wraps" in change) {
    const { wraps, as } = change;
    return {
      pattern: new RegExp(`export (async )?function ${wraps}\\b`, "g"),
      replacement: (_match, isAsync = "") =>
        `export function ${wraps}(...given: any[]): any { return (${as})(${wraps}Unbroken as any, ...given); }\n` +
        `${isAsync}function ${wraps}Unbroken`,
      what: `the exported function ${wraps}`,
    };
  }
  const { replaces, by } = change;
  const source = typeof replaces === "string" ? escaped(replaces) : replaces.source;
  return { pattern: new RegExp(source, "g"), replacement: () => by, what: `the text ${replaces}` };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
