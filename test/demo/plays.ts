import { ownership, ownershipTypescript } from "./ownership";
import { policyPack } from "./policyPack";
import { quickstart } from "./quickstart";

/** What `npm run demo -- NAME` shows, by the name of the example. */
export const plays: ReadonlyMap<string, () => Promise<void>> = new Map([
  ["quickstart", quickstart],
  ["ownership", ownership],
  ["ownership-typescript", ownershipTypescript],
  ["policy-pack", policyPack],
]);
