import { migrate } from "./migrate";
import { ownership, ownershipTypescript } from "./ownership";
import { policyPack } from "./policyPack";
import { python } from "./python";
import { quickstart } from "./quickstart";
import { twoOrganisations } from "./twoOrganisations";
import { yaml } from "./yaml";

/** What `npm run demo -- NAME` shows, by the name of the example. */
export const plays: ReadonlyMap<string, () => Promise<void>> = new Map([
  ["quickstart", quickstart],
  ["ownership", ownership],
  ["ownership-typescript", ownershipTypescript],
  ["policy-pack", policyPack],
  ["migrate", migrate],
  ["yaml", yaml],
  ["python", python],
  ["two-organisations", twoOrganisations],
]);
