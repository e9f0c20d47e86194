import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type EmulatorOptions, exampleWorld } from "../emulator";
import { root } from "./pages";

const owners = z.record(z.string(), z.object({ findingIds: z.array(z.string()) }));

/** What the command `emulator` starts with. */
export function quickstartWorld(): EmulatorOptions {
  const text = readFileSync(join(root, "examples", "quickstart", "owners.json"), "utf8");
  const findingIds = Object.values(owners.parse(JSON.parse(text))).flatMap((owner) => owner.findingIds);
  return exampleWorld({ findingIds });
}
