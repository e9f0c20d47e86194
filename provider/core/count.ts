/** 4200 as "4,200", whatever the locale. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/**
 * "1 finding", "2 findings", "4,200 findings".
 * @param counted a number, or a list whose length it is
 * @param singular of a noun whose plural ends in s
 */
export function countOf(counted: number | { readonly length: number }, singular: string): string {
  const value = typeof counted === "number" ? counted : counted.length;
  return `${count(value)} ${singular}${value === 1 ? "" : "s"}`;
}

/** "12 findings"; with more than were counted "more than 100 findings". */
export function findingsOf(number: number, more = false): string {
  return more ? `more than ${countOf(number, "finding")}` : countOf(number, "finding");
}
