import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pageOf } from "../docs/pages";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatedUser,
  type EmulatorServer,
  seedFindings,
  seedUsers,
  startEmulator,
} from "../emulator";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { hasRegistry } from "./hasRegistry";
import { type PluginOnPath, pluginOnPath } from "./pluginOnPath";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";
import { schemaExamples } from "./schemaExamples";
import { type SdkLanguage, sdkLanguages } from "./sdkLanguages";

const INCIDENT = "ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==";
const RULES_FILE = `exclude: ["${INCIDENT}"]
maxChanges: 100
rules:
  - name: secrets
    findingTypes: [secret]
    assignees: [payments-lead@example.com, { assignee: pat.payments@example.com, weight: 2 }]
  - { name: rest, query: "*", assignee: security-duty@example.com }
`;
const { blocks } = pageOf("docs/languages.md");

/** Why programs in a language cannot be run here. */
function missingFor({ name, manager }: SdkLanguage): string | undefined {
  if (findPulumiCli() === undefined) return "there is no pulumi CLI on PATH";
  if (!hasLanguage(name)) return `the pulumi CLI has no plugin for ${name}`;
  return hasRegistry(manager) ? undefined : `there is no ${manager}, or it does not reach its registry`;
}

describe("a program of docs/languages.md with the SDK that the pulumi CLI generates", function () {
  this.timeout(600_000);
  let plugin: PluginOnPath;
  let project: PulumiProject;
  let server: EmulatorServer;

  const people = seedUsers({ count: 3 }).map((user, index): EmulatedUser => {
    const email = `${["payments-lead", "pat.payments", "security-duty"][index]}@example.com`;
    return { ...user, email, handle: email, disabled: false };
  });
  const [lead, pat, duty] = people.map(({ id }) => id);
  const findings = seedFindings({ count: 60, teams: ["payments", "mobile"] }).map((finding, index) =>
    index === 0 ? { ...finding, id: INCIDENT } : finding,
  );

  beforeEach(async () => {
    plugin = pluginOnPath();
    // Maven runs three times, and each time not for long.
    const MAVEN_OPTS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    project = openPulumiProject(undefined, { PATH: plugin.PATH, MAVEN_OPTS });
    server = await startEmulator({ users: people, findings });
    for (const { id } of findings) server.emulator.reassignByHand(id, null);
  });
  afterEach(async () => {
    project.close();
    plugin.remove();
    await server.close();
  });

  const run = (...args: readonly string[]) => project.succeed(...args);
  const owners = () => server.emulator.owners();

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(project.folder, file)), { recursive: true });
    writeFileSync(join(project.folder, file), text);
  };
  /** As the docs have it; only the site is the test's, with keys as plain text. */
  const programOf = ({ name, site, settings }: SdkLanguage) => {
    const text = blocks.find(({ language }) => language === name)?.text ?? "";
    assert.ok(text.includes(site), `${name}: ${site}`);
    const keys = { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY };
    return text.replace(site, settings({ apiUrl: server.url, ...keys }));
  };

  /** The second program of the docs, in the same project. */
  const deployRulesFile = async ({ name, program }: SdkLanguage) => {
    const [, text = ""] = blocks.filter(({ language }) => language === name).map((block) => block.text);
    write(program, text);
    write("ownership.yaml", RULES_FILE);
    await run("config", "set", "datadog-findings:apiUrl", server.url);
    for (const [key, value] of Object.entries({ apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY }))
      await run("config", "set", "--secret", `datadog-findings:${key}`, value);
    await run("up", "--yes", "--skip-preview");
    const given = (isOwned: (finding: (typeof findings)[number]) => boolean, ...possible: unknown[]) => {
      for (const { id } of findings.filter(isOwned)) assert.ok(possible.includes(owners().get(id)), id);
    };
    const isExcluded = ({ id }: { id: string }) => id === INCIDENT;
    given(isExcluded, null);
    given((each) => !isExcluded(each) && each.type === "secret", lead, pat);
    given((each) => !isExcluded(each) && each.type !== "secret", duty);
  };

  for (const language of sdkLanguages) {
    it(`${language.name}: lists, rules, two owners, a function, secret keys, a destroy; the schema's examples compile`, async function () {
      const missing = missingFor(language);
      if (missing !== undefined) {
        console.log(`    skipped: ${missing}`);
        this.skip();
      }
      for (const [file, text] of Object.entries(language.files)) write(file, text);
      language.install?.(project.folder);
      await run("package", "add", plugin.file);
      write(language.program, programOf(language));
      for (const [name, example] of schemaExamples(language.name)) {
        const { file, text } = language.example(name, example);
        write(file, text);
      }
      language.addSdk?.(project.folder);
      await run("stack", "init", "dev");
      await run("up", "--yes", "--skip-preview");

      const payments = findings.filter(({ id, tags }) => id !== INCIDENT && tags.includes("team:payments"));
      const ownedBy = (owner?: string) => payments.filter(({ id }) => owners().get(id) === owner).length;
      assert.equal(owners().get(INCIDENT), lead);
      assert.equal(ownedBy(lead) + ownedBy(pat), payments.length);
      assert.ok(ownedBy(lead) > 0 && ownedBy(pat) > ownedBy(lead), `${ownedBy(lead)}, ${ownedBy(pat)}`);
      for (const { id, tags } of findings)
        if (id !== INCIDENT && !tags.includes("team:payments")) assert.equal(owners().get(id), duty);
      const outputs: unknown = JSON.parse(await run("stack", "output", "--json"));
      assert.deepEqual(outputs, { lead, lastUpdateAssigned: findings.length - 1 });
      const state = await run("stack", "export");
      for (const key of [EMULATOR_API_KEY, EMULATOR_APP_KEY]) assert.ok(!state.includes(key));

      language.tryExamples?.(project.folder);
      await run("destroy", "--yes", "--skip-preview");
      assert.deepEqual(new Set(owners().values()), new Set([null]));
      if (language.name === "python") await deployRulesFile(language);
    });
  }
});
