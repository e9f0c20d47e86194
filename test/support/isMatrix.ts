/**
 * Whether rare combinations and the largest sets are tested, too: in `npm run test:matrix`, and not in `npm
 * test`.
 */
export function isMatrix(): boolean {
  return process.env.TEST_MATRIX === "1";
}
