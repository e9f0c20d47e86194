import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, seedUsers, startEmulator } from "../emulator";
import { embeddedEngine } from "../engine";
import { OwnerTally } from "./ownerTally";
import { indented, say, title } from "./stage";
import { withTheatre } from "./theatre";

const root = join(__dirname, "..", "..");
const US = {
  apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appKey: "00112233445566778899aabbccddeeff00112233",
};

/** Two explicit providers: each has the keys of one organisation, and only its findings. */
export async function twoOrganisations(): Promise<void> {
  title("The plugin: one program, two Datadog organisations");
  const [first] = seedUsers({ count: 1 });
  if (!first) throw new Error("there is no user");
  const email = "payments-lead@example.com";
  const users = [{ ...first, name: "payments-lead", email, handle: email, disabled: false }];
  const us = await startEmulator({ users, findings: findings(40, 2), keys: [US] });
  const tally = new OwnerTally(new Map([[first.id, "payments-lead"]]));
  try {
    const example = join(root, "examples", "two-organisations", "Pulumi.yaml");
    const options = {
      example: "two-organisations",
      source: join(__dirname, "yamlProgram"),
      findings: findings(60, 1),
      users,
      hasPlugin: true,
      engine: embeddedEngine,
    };
    await withTheatre(options, async (theatre) => {
      const owners = () => {
        say("\n  in the organisation of eu");
        theatre.owners();
        say("\n  in the organisation of us");
        tally.print(us.emulator.owners());
      };
      const program = readFileSync(example, "utf8");
      writeFileSync(
        join(theatre.projectDir, "program.yaml"),
        program
          .replace("site: datadoghq.eu", `apiUrl: ${theatre.url}`)
          .replace("site: datadoghq.com", `apiUrl: ${us.url}`),
      );
      cpSync(join(root, "plugin", "schema.json"), join(theatre.projectDir, "schema.json"));
      say("\n  examples/two-organisations/Pulumi.yaml, whose resources a Node.js program declares here,");
      say("  with the URLs of two emulators in place of the sites; requests are those to eu's\n");
      indented(program.trimEnd());
      const keys = { euApiKey: EMULATOR_API_KEY, euAppKey: EMULATOR_APP_KEY };
      for (const [name, key] of Object.entries({ ...keys, usApiKey: US.apiKey, usAppKey: US.appKey }))
        await theatre.set(name, key, true);
      owners();
      await theatre.run("preview");
      await theatre.run("up");
      owners();
      await theatre.run("destroy");
      owners();
    });
  } finally {
    await us.close();
  }
  say("\n  With a CLI: cd examples/two-organisations && npm install && pulumi up");
}

/** About half of them are of team payments. */
function findings(count: number, seed: number) {
  return seedFindings({ count, seed, teams: ["payments", "mobile"] });
}
