import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleWorld } from "../emulator/exampleWorld/exampleWorld";
import { indented, say, title } from "./stage";
import { withTheatre } from "./theatre";

/**
 * 1,000 findings, forty teams with a file each, on-call and a fallback; new findings arrive between two
 * deployments.
 */
export async function ownership(): Promise<void> {
  title("FindingsOwnership: forty teams, each with rules of its own");
  await play("ownership", [
    "ownership.yaml",
    "teams/payments.yaml",
    "teams/platform.yaml",
    "teams/mobile.yaml",
  ]);
}

/** The same in TypeScript, with findings that are pinned to one person. */
export async function ownershipTypescript(): Promise<void> {
  title("FindingsOwnership: rules in TypeScript");
  await play("ownership-typescript", ["index.ts"]);
}

async function play(example: string, shown: readonly string[]): Promise<void> {
  const { findings: seeded, users, teams } = exampleWorld({ count: 1_060 });
  await withTheatre({ example, findings: seeded.slice(0, 1_000), users, teams }, async (theatre) => {
    for (const file of shown) {
      say(`\n  examples/${example}/${file}\n`);
      indented(readFileSync(join(theatre.projectDir, file), "utf8").trimEnd());
    }
    theatre.owners();
    await theatre.run("preview");
    await theatre.run("up");
    theatre.owners();

    title("Nothing has changed");
    await theatre.run("up");

    title("60 new findings arrive; the file stays as it is");
    theatre.emulator.addFindings(seeded.slice(1_000));
    await theatre.run("up");
    theatre.owners();

    title("Destroy releases what still belongs to the rules' owners");
    await theatre.run("destroy");
    theatre.owners();
  });
}
