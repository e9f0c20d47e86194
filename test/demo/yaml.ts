import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedFinding, seedFindings, seedUsers } from "../emulator";
import { embeddedEngine } from "../engine";
import { indented, say, title } from "./stage";
import { withTheatre } from "./theatre";

const root = join(__dirname, "..", "..");

const PINNED = [
  "ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==",
  "ZGVmLTAwMS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw==",
];

/**
 * The resources of examples/yaml on the plugin. Whoever has no `pulumi` CLI has no language host for YAML
 * either, so a Node.js program reads the example and declares what it says.
 */
export async function yaml(): Promise<void> {
  title("The plugin: a program in YAML");
  const people = ["payments-lead", "security-duty"];
  const users = seedUsers({ count: people.length }).map((user, index) => {
    const email = `${people[index]}@example.com`;
    return { ...user, name: people[index] ?? "", email, handle: email, disabled: false };
  });
  const findings = findingsWith(PINNED);
  const options = {
    example: "yaml",
    source: join(__dirname, "yamlProgram"),
    findings,
    users,
    hasPlugin: true,
    engine: embeddedEngine,
  };
  await withTheatre(options, async (theatre) => {
    const example = join(root, "examples", "yaml", "Pulumi.yaml");
    cpSync(example, join(theatre.projectDir, "program.yaml"));
    cpSync(join(root, "plugin", "schema.json"), join(theatre.projectDir, "schema.json"));
    say("\n  examples/yaml/Pulumi.yaml, whose resources a Node.js program declares here\n");
    indented(readFileSync(example, "utf8").trimEnd());
    theatre.owners();
    await theatre.run("preview");
    await theatre.run("up");
    theatre.owners();
    await theatre.run("up");
    await theatre.run("destroy");
    theatre.owners();
  });
  say("\n  With a CLI: cd examples/yaml && npm install && pulumi up");
}

function findingsWith(ids: readonly string[]): EmulatedFinding[] {
  const seeded = seedFindings({ count: 60, teams: ["payments", "mobile"] });
  const others = seeded.filter(({ id }) => !ids.includes(id));
  return others.map((finding, index) => ({ ...finding, id: ids[index] ?? finding.id }));
}
