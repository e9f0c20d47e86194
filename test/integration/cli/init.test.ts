import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { packageManifest } from "../../../provider/cli/initFiles";
import { pageOf } from "../../docs/pages";
import { runCommand } from "../../support/commandLine";

const manifest = z.object({
  main: z.string().optional(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

describe("pulumi-datadog-findings init", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "findings-init-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const init = (...args: string[]) => runCommand({}, ["init", folder, ...args]);
  const written = (name: string) => readFileSync(join(folder, name), "utf8");

  it("writes a project whose rules are valid and whose program compiles, and says the next commands", async () => {
    const { code, out, err } = await init("--emulator");
    assert.equal(code, 0, err);
    assert.deepEqual(readdirSync(folder).sort(), [
      ".gitignore",
      "Pulumi.yaml",
      "index.ts",
      "ownership.yaml",
      "package.json",
      "tsconfig.json",
    ]);
    assert.deepEqual(commandsIn(out), [`cd ${folder}`, ...blockWith(" init --emulator").slice(3)]);
    const ignored = written(".gitignore").trim().split("\n");
    assert.deepEqual(ignored, ["node_modules/", ".pulumi/", "emulator.log", "changes.jsonl", "report.*"]);
    const validated = await runCommand({}, ["validate", join(folder, "ownership.yaml")]);
    assert.equal(validated.out, `${join(folder, "ownership.yaml")}: 3 rules, valid`);
    assert.deepEqual(compileErrors(folder), []);
  });

  it("names the project after its folder, in characters that Pulumi accepts", async () => {
    await runCommand({}, ["init", join(folder, "Findings of payments & co")]);
    assert.match(
      written(join("Findings of payments & co", "Pulumi.yaml")),
      /^name: Findings-of-payments-co$/m,
    );
  });

  it("says without --emulator which keys to set, and that the owners are to be replaced", async () => {
    const { out } = await init();
    assert.match(out, /^Written\. Put users of your organisation into ownership\.yaml\./);
    assert.deepEqual(commandsIn(out), [`cd ${folder}`, ...blockWith(" validate --online")]);
    assert.match(written("ownership.yaml"), /Replace the owners by users of your organisation/);
  });

  it("overwrites nothing: where a file is there, none is written", async () => {
    writeFileSync(join(folder, "index.ts"), "mine");
    const { code, err } = await init();
    assert.equal(code, 1);
    assert.match(err, /^index\.ts is there already, so nothing was written/);
    assert.deepEqual(readdirSync(folder), ["index.ts"]);
    assert.equal(written("index.ts"), "mine");
  });

  it("adds to a package.json what it lacks, and keeps what it says", async () => {
    const existing = {
      name: "mine",
      dependencies: { "pulumi-datadog-findings": "file:a.tgz" },
      devDependencies: { typescript: "~5.9.0" },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(existing));
    assert.equal((await init()).code, 0);
    const { dependencies, devDependencies } = manifest.parse(JSON.parse(written("package.json")));
    assert.equal(dependencies["pulumi-datadog-findings"], "file:a.tgz");
    assert.deepEqual(devDependencies, { "@types/node": "^20.19.0", typescript: "~5.9.0" });
  });

  it("refuses a package.json of ES modules, and one that is none, and writes nothing", async () => {
    for (const [text, message] of [
      ['{"type":"module"}', /"type": "module".*take that line out/],
      ["{", /package\.json cannot be read/],
    ] as const) {
      writeFileSync(join(folder, "package.json"), text);
      const { code, err } = await init();
      assert.equal(code, 1);
      assert.match(err, message);
      assert.deepEqual(readdirSync(folder), ["package.json"]);
    }
  });

  it("asks for versions that go together: TypeScript below 7, and an SDK that runs on this Node.js", () => {
    for (const [node, sdk] of [
      ["20.18.1", ">=3.150.0 <3.249.0"],
      ["22.1.0", "^3.150.0"],
      ["24.0.0", "^3.150.0"],
    ] as const) {
      const { dependencies, devDependencies } = manifest.parse(
        JSON.parse(packageManifest(undefined, "0.1.0", node)),
      );
      assert.deepEqual(dependencies, { "@pulumi/pulumi": sdk, "pulumi-datadog-findings": "^0.1.0" });
      assert.equal(devDependencies["typescript"], "^6.0.3");
    }
  });
});

describe("pulumi-datadog-findings emulator", () => {
  const main = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

  it("serves the examples' world from what is packed, and stops on Ctrl-C", async () => {
    assert.ok(existsSync(main), "npm run build comes first");
    const args = [main, "emulator", "--findings", "7"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += String(chunk);
      if (output.includes("Ctrl-C stops it")) break;
    }
    const [, url, apiKey, appKey] =
      /export DD_HOST=(\S+) DD_API_KEY=(\S+) DD_APP_KEY=(\S+)/.exec(output) ?? [];
    const headers = { "dd-api-key": apiKey ?? "", "dd-application-key": appKey ?? "" };
    const response = await fetch(`${url}/api/v2/users?filter=payments-lead`, { headers });
    assert.match(await response.text(), /payments-lead@example\.com/);
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("says what is wrong with its options", async () => {
    assert.deepEqual(await runCommand({}, ["emulator", "7"]), {
      code: 2,
      out: "",
      err: "emulator takes options only, not 7; npx pulumi-datadog-findings emulator --help says how it is used",
    });
  });
});

/** What `init` says to do next. */
function commandsIn(out: string): string[] {
  return out
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

/** The lines of the README's block that has this command. */
function blockWith(command: string): string[] {
  const block = pageOf("README.md").blocks.find(({ text }) => text.includes(command));
  return block?.text.trim().split("\n") ?? [];
}

/** What the compiler says of the project's program, with the options that the project names. */
function compileErrors(folder: string): string[] {
  const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const modules = join(__dirname, "..", "..", "..", "node_modules");
  const host = ts.createCompilerHost(options);
  const resolveFrom = join(modules, "..", "examples", "index.ts");
  host.resolveModuleNameLiterals = (names, _file, _redirect, compilerOptions) =>
    names.map(({ text }) => ts.resolveModuleName(text, resolveFrom, compilerOptions, host));
  const program = ts.createProgram(
    fileNames,
    { ...options, typeRoots: [join(modules, "@types")], noEmit: true },
    host,
  );
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}
