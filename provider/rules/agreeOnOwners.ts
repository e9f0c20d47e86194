/**
 * Whether two rules come to rest where both decide about one finding: whom the rule with fewer owners gives
 * it to is right for the other one, too. An owner in common is not enough: each would take it from the rest.
 * @param one UUIDs of the owners of a rule
 */
export function agreeOnOwners(one: readonly string[], other: readonly string[]): boolean {
  const [fewer, more] = one.length <= other.length ? [one, other] : [other, one];
  return fewer.every((id) => more.includes(id));
}
