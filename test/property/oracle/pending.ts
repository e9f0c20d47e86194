/**
 * Demands that the provider does not meet yet. Each is made with `STRICT=all` or `STRICT=name,name`, and for
 * everybody as soon as its line is gone.
 */
const PENDING = {
  /**
   * A resource that has had several owners, or whose assignment was refused, knows of each finding which one
   * it gave it to.
   */
  ownersByFinding: true,
  /** What rules gave away is moved or released, although they were changed before the search showed it. */
  changesWithinLag: true,
  /**
   * A change of a rule whose answer was lost is sent again, also where the look before it finds it with a
   * former owner of the rules.
   */
  sentAgainAfterLook: true,
};

export function isPending(demand: keyof typeof PENDING): boolean {
  const strict = process.env["STRICT"]?.split(",") ?? [];
  return PENDING[demand] && !strict.includes(demand) && !strict.includes("all");
}
