import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { cleanEnv } from "../testbed";
import { automationEngine, chooseEngines, findPulumiCli } from "./chooseEngines";
import type { DeploymentEngine, DeploymentSettings } from "./deployment";

/** A `pulumi` that does nothing but write down how it was called, and what was there. */
const fakeCli = `#!/usr/bin/env node
const { appendFileSync, readdirSync } = require("node:fs");
const [, , ...args] = process.argv;
const { DD_API_KEY = "", DD_SITE = "" } = process.env;
const call = { args, cwd: process.cwd(), files: readdirSync("."), variables: { DD_API_KEY, DD_SITE } };
appendFileSync(process.env.FAKE_CLI_LOG, JSON.stringify(call) + "\\n");
const answers = {
  version: "v3.100.0",
  "stack export": '{"version":3,"deployment":{}}',
  "stack output": "{}",
  "stack history": '[{"kind":"update","startTime":"","endTime":"","result":"succeeded","version":1,"config":{},"environment":{},"message":""}]',
};
console.log(answers[args[0]] ?? answers[args.slice(0, 2).join(" ")] ?? "");
`;

const callSchema = z.object({
  args: z.array(z.string()),
  cwd: z.string(),
  files: z.array(z.string()),
  variables: z.record(z.string(), z.string()),
});

describe("the pulumi CLI, as a fake one sees it", function () {
  this.timeout(60_000);
  const program = join(__dirname, "..", "program");
  const machine = { ...process.env };
  let folder = "";

  const engineFor = (name: string, config: DeploymentSettings["config"] = {}): DeploymentEngine =>
    automationEngine.create({
      projectDir: program,
      stack: "dev",
      stateDir: join(folder, name),
      config,
      env: { ...cleanEnv, DD_SITE: "datadoghq.eu" },
    });
  const calls = () => {
    const lines = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return lines
      .map((line) => callSchema.parse(JSON.parse(line)))
      .filter(({ args }) => args[0] !== "version");
  };

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "fake-cli-")));
    writeFileSync(join(folder, "pulumi"), fakeCli);
    chmodSync(join(folder, "pulumi"), 0o755);
    process.env["PATH"] = `${folder}${delimiter}${machine["PATH"]}`;
    process.env["FAKE_CLI_LOG"] = join(folder, "calls");
    process.env["DD_API_KEY"] = "the-machine's-own-key";
  });
  after(() => {
    for (const name of ["PATH", "FAKE_CLI_LOG", "DD_API_KEY"]) {
      if (machine[name] === undefined) delete process.env[name];
      else process.env[name] = machine[name];
    }
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => writeFileSync(join(folder, "calls"), ""));

  it("is found on PATH, and joins the embedded engine", () => {
    assert.equal(findPulumiCli(), join(folder, "pulumi"));
    assert.deepEqual(
      chooseEngines().map(({ name }) => name),
      ["embedded engine", "pulumi CLI"],
    );
    assert.equal(findPulumiCli({ PATH: __dirname }), undefined);
    assert.equal(findPulumiCli({}), undefined);
  });

  it("runs in a copy of the project of each stack's own, and writes nothing beside the program", async () => {
    const before = readdirSync(program);
    for (const [name, config] of [
      ["one", { "datadog:apiKey": { value: "k", secret: true } }],
      ["two", {}],
    ] as const) {
      writeFileSync(join(folder, "calls"), "");
      assert.equal((await engineFor(name, config).up()).exitCode, 0);
      assert.ok(calls().some(({ args }) => args[0] === "up"));
      assert.deepEqual(new Set(calls().map(({ cwd }) => cwd)), new Set([join(folder, name, "project")]));
      assert.ok(
        calls().every(({ files }) => [...before, "node_modules"].every((file) => files.includes(file))),
      );
      const keys = calls().flatMap(({ args }) => args.filter((arg) => arg.startsWith("datadog:apiKey")));
      assert.equal(keys.length, Object.keys(config).length, "no key of another stack");
    }
    assert.deepEqual(readdirSync(program), before);
  });

  it("gets the variables of the settings, and none of the machine's that they clear", async () => {
    await engineFor("three").up();
    for (const { variables } of calls())
      assert.deepEqual(variables, { DD_API_KEY: "", DD_SITE: "datadoghq.eu" });
  });

  it("exports the state with its secrets encrypted", async () => {
    assert.deepEqual(await engineFor("four").exportState(), { version: 3, deployment: {} });
    const [exported] = calls().filter(({ args }) => args[1] === "export");
    assert.deepEqual(exported?.args, ["stack", "export", "--stack", "dev"]);
  });
});
