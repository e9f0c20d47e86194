import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type EmulatedFinding, type EmulatedUser, seedFindings, seedUsers } from "../emulator";
import { indented, say, title } from "./stage";
import { withTheatre } from "./theatre";

const ownersFile = z.record(z.string(), z.object({ assignee: z.string(), findingIds: z.array(z.string()) }));
type Owners = z.infer<typeof ownersFile>;

const example = join(__dirname, "..", "..", "examples", "quickstart");

/**
 * 250 findings get two owners; an edit moves just what changed; somebody's change is put right; all is given
 * back.
 */
export async function quickstart(): Promise<void> {
  title("FindingsAssignment: who owns which findings");
  const owners = ownersFile.parse(JSON.parse(readFileSync(join(example, "owners.json"), "utf8")));
  const users = people(Object.values(owners).map(({ assignee }) => assignee));
  const ids = Object.values(owners).flatMap(({ findingIds }) => findingIds);
  await withTheatre({ example: "quickstart", findings: findingsWith(ids), users }, async (theatre) => {
    say("\n  examples/quickstart/index.ts\n");
    indented(readFileSync(join(theatre.projectDir, "index.ts"), "utf8").trimEnd());
    theatre.owners();

    await theatre.run("preview");
    await theatre.run("up");
    theatre.owners();

    title("Nothing has changed");
    await theatre.run("up");

    title("An edit: 10 findings move to the other team, 5 are closed and leave the program");
    writeFileSync(join(theatre.projectDir, "owners.json"), JSON.stringify(edited(owners)));
    await theatre.run("up");
    theatre.owners();

    title("A colleague takes 3 findings by hand; refresh finds them, up puts them right");
    const [, platform] = Object.values(owners);
    for (const id of platform?.findingIds.slice(0, 3) ?? [])
      theatre.emulator.reassignByHand(id, users[2]?.id ?? null);
    theatre.owners();
    await theatre.run("refresh");
    await theatre.run("up");
    theatre.owners();

    title("Destroy gives them back");
    await theatre.run("destroy");
    theatre.owners();
  });
}

function people(assignees: readonly string[]): EmulatedUser[] {
  const names = ["Pat Payments", "Lee Platform", "Sam Somebody"];
  return seedUsers({ count: names.length }).map((user, index) => {
    const name = names[index] ?? "";
    const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
    return { ...user, id: assignees[index] ?? user.id, name, email, handle: email, disabled: false };
  });
}

function findingsWith(ids: readonly string[]): EmulatedFinding[] {
  return seedFindings({ count: ids.length }).map((finding, index) => ({
    ...finding,
    id: ids[index] ?? finding.id,
  }));
}

function edited(owners: Owners): Owners {
  const [[first, payments], [second, platform]] = Object.entries(owners) as [
    [string, Owners[string]],
    [string, Owners[string]],
  ];
  const moved = payments.findingIds.slice(0, 10);
  return {
    [first]: { ...payments, findingIds: payments.findingIds.slice(15) },
    [second]: { ...platform, findingIds: [...platform.findingIds, ...moved] },
  };
}
