/** The text of a JSON with one of its values replaced, removed or doubled; `at` chooses which. */
export function mutatedJson(valid: unknown, at: number, replacement: unknown): string | undefined {
  const place = at % countValues(valid);
  let passed = 0;
  return JSON.stringify(valid, (_, value: unknown) => {
    if (passed++ !== place) return value;
    return replacement === "double" && Array.isArray(value) ? [...value, ...value] : replacement;
  });
}

function countValues(valid: unknown): number {
  let count = 0;
  JSON.stringify(valid, (_, value: unknown) => {
    count++;
    return value;
  });
  return count;
}
