import { migrate } from "./migrate";
import { onCli } from "./onCli";
import { ownership, ownershipTypescript } from "./ownership";
import { policyPack } from "./policyPack";
import { quickstart } from "./quickstart";
import { yaml } from "./yaml";

/** What `npm run demo -- NAME` shows, by the name of the example. */
export const plays: ReadonlyMap<string, () => Promise<void>> = new Map([
  ["quickstart", quickstart],
  ["ownership", ownership],
  ["ownership-typescript", ownershipTypescript],
  ["policy-pack", policyPack],
  ["migrate", migrate],
  ["yaml", yaml],
  ["python", onCli("python", "__main__.py")],
  ["two-organisations", onCli("two-organisations", "Pulumi.yaml")],
]);
