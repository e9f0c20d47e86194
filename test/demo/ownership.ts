import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedFinding, type EmulatedUser, seedFindings } from "../emulator";
import { exampleUsers } from "../support/exampleUsers";
import { indented, say, title } from "./stage";
import { type Theatre, withTheatre } from "./theatre";

const teams = ["payments", "platform", "mobile", "identity", "data"];

/** 1,000 findings, 4 rules in a file; new findings arrive between two deployments. */
export async function ownership(): Promise<void> {
  title("FindingsOwnership: rules in a file");
  await play("ownership", "ownership.yaml");
}

/** The same in TypeScript, with findings that are pinned to one person. */
export async function ownershipTypescript(): Promise<void> {
  title("FindingsOwnership: rules in TypeScript");
  await play("ownership-typescript", "index.ts");
}

async function play(example: string, shown: string): Promise<void> {
  const seeded = seedFindings({ count: 1_060, teams });
  const users = exampleUsers("ada.moreau");
  await withTheatre({ example, findings: seeded.slice(0, 1_000), users }, async (theatre) => {
    say(`\n  examples/${example}/${shown}\n`);
    indented(readFileSync(join(theatre.projectDir, shown), "utf8").trimEnd());
    givenByHand(theatre, seeded, users);
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

/** What somebody has decided before the rules came: rules without `overwrite` leave it alone. */
function givenByHand(
  { emulator }: Theatre,
  findings: readonly EmulatedFinding[],
  users: readonly EmulatedUser[],
): void {
  const somebody = users.at(-1)?.id ?? null;
  for (const { id } of findings.slice(0, 14)) emulator.reassignByHand(id, somebody);
}
