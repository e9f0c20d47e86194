import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, seedUsers, startEmulator } from "../emulator";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { pluginOnPath } from "./pluginOnPath";
import { openPulumiProject } from "./pulumiProject";
import { schemaExamples } from "./schemaExamples";

const section = z.record(z.string(), z.unknown()).optional();
const IDS = ["ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==", "ZGVmLTAwMS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw=="];
const outputsOf = z.looseObject({ open: z.array(z.object({ id: z.string() })), why: z.string() });
const program = z.strictObject({ resources: section, variables: section, outputs: section });

describe("the schema's examples in YAML", function () {
  this.timeout(120_000);

  it("are a program that the pulumi CLI deploys, with every function", async function () {
    if (findPulumiCli() === undefined || !hasLanguage("yaml")) this.skip();
    const people = seedUsers({ count: 2 }).map((user, index) => {
      const email = `${["payments-lead", "security"][index]}@example.com`;
      return { ...user, email, handle: email, disabled: false };
    });
    const [lead] = people.map(({ id }) => id);
    const team = { id: "0e3bbb92-9a9f-4d4c-8b9c-2a62b1c0a9d1", handle: "payments", name: "Payments" };
    // Those of the examples have two of these ids.
    const others = seedFindings({ count: 12, teams: ["payments"] }).filter(({ id }) => !IDS.includes(id));
    const findings = others.map((finding, index) => ({ ...finding, id: IDS[index] ?? finding.id }));
    const server = await startEmulator({
      users: people,
      findings,
      teams: [{ ...team, memberIds: [lead ?? ""], onCall: [lead ?? ""] }],
    });
    const plugin = pluginOnPath();
    const project = openPulumiProject(undefined, {
      PATH: plugin.PATH,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    const run = (...args: readonly string[]) => project.succeed(...args);
    try {
      const examples = [...schemaExamples("yaml").values()].map((text) => program.parse(parse(text)));
      const merged = (name: "resources" | "variables" | "outputs") =>
        Object.assign({}, ...examples.map((example) => example[name]));
      const whole = {
        name: "examples",
        runtime: "yaml",
        resources: merged("resources"),
        variables: merged("variables"),
        outputs: merged("outputs"),
      };
      writeFileSync(join(project.folder, "Pulumi.yaml"), JSON.stringify(whole));
      await run("stack", "init", "dev");
      await run("config", "set", "datadog-findings:apiUrl", server.url);
      await run("up", "--yes", "--skip-preview");
      const { open, why, ...outputs } = outputsOf.parse(JSON.parse(await run("stack", "output", "--json")));
      assert.deepEqual(outputs, { lead, team: team.id, urgent: lead });
      const isOpen = findings.filter(({ status }) => status === "open").map(({ id }) => id);
      assert.deepEqual(open.map(({ id }) => id).sort(), isOpen.sort());
      assert.match(why, new RegExp(`^${IDS[0]} `));
      await run("destroy", "--yes", "--skip-preview");
    } finally {
      project.close();
      plugin.remove();
      await server.close();
    }
  });
});
