import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { z } from "zod";
import { parseCommandLine } from "../../provider/cli/commandLine";
import { COMMANDS } from "../../provider/cli/commands";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, Emulator, startEmulator } from "../emulator";
import { emulatorEnvironment, runCommand } from "../support/commandLine";
import { type CodeBlock, pages, root } from "./pages";
import { quickstartWorld } from "./quickstartWorld";

const blocks = pages.flatMap((page) => page.blocks);
const blocksIn = (language: string) => blocks.filter((block) => block.language === language);

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

/** What is written in `sh` blocks, apart from shell built-ins. */
const PULUMI =
  /^pulumi (up|preview|refresh|destroy|stack init|stack export|config set|package add|plugin install|import)( |$)/;

/** `run: COMMAND`, or `emulator: COMMAND` where it asks the emulator that the README starts. */
const RUN = /^(run|emulator): npx pulumi-datadog-findings /;

describe("the code blocks of README and docs", () => {
  it("are in languages of which each has a test here", () => {
    const tested = ["csharp", "csv", "go", "java", "mermaid", "python", "sh", "text", "ts", "yaml"];
    assert.deepEqual([...new Set(blocks.map(({ language }) => language))].sort(), tested);
  });

  it("in TypeScript compile, each as a program of its own", () => {
    const programs = new Map(
      blocksIn("ts").map(({ place, text }) => [
        join(root, "examples", `${place.replace(/\W/g, "-")}.ts`),
        text,
      ]),
    );
    assert.ok(programs.size > 8);
    assert.deepEqual(compileErrors(programs), []);
  });

  it("in YAML are valid: ownership files as validate has it, others as Pulumi.yaml", async () => {
    const folder = mkdtempSync(join(tmpdir(), "findings-docs-"));
    try {
      const files = blocksIn("yaml")
        .filter(({ note }) => !note?.startsWith("same: "))
        .map(({ place, text }) => ({ place, text, file: fileOf(text) }));
      for (const { place, text, file } of files) {
        assert.ok(file, `${place} says in its first line which file it is`);
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
        if (file === "Pulumi.yaml") assert.equal(typeof parse(text).name, "string", place);
        // what is included comes after the file that includes it
        else if (!/^include:/m.test(text) && file !== "broken.yaml") await isValid(join(folder, file), place);
      }
      await isValid(join(folder, "findings", "ownership.yaml"), "the included file");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("in shell call commands, scripts and options that exist", () => {
    const lines = blocksIn("sh").flatMap(({ place, text }) =>
      text
        .replaceAll(/\\\n\s*/g, "")
        .split("\n")
        .flatMap((line) => line.replace(/\s+#.*$/, "").split(" && "))
        .filter((line) => line !== "")
        .map((line) => ({ place, line })),
    );
    assert.ok(lines.length > 30);
    for (const { place, line } of lines) {
      const [, ours] = /^npx pulumi-datadog-findings (.*?)(?: > \S+ &)?$/.exec(line) ?? [];
      const [, script] = /^npm run (\S+)/.exec(line) ?? [];
      if (ours !== undefined) parseCommandLine(ours.split(" "), COMMANDS);
      else if (script !== undefined) assert.ok(script in scripts, `${place}: ${line}`);
      else
        assert.match(
          line,
          new RegExp(
            `^(mkdir|cd|cp|curl|git add|export|npm (ci|install|init|pack|test)\\b)|${PULUMI.source}`,
          ),
          place,
        );
    }
  });

  it("with curl take a finding of the emulator away from its owner", async () => {
    const [{ text = "" } = {}, ...more] = blocksIn("sh").filter((block) => block.text.includes("curl"));
    assert.equal(more.length, 0);
    const [, method = "", path = ""] = /curl -X (\w+) "\$DD_HOST(\S+)"/.exec(text) ?? [];
    const [, body = ""] = /-d '(.*)'/.exec(text) ?? [];
    const [, id = ""] = /"id":"([^"]+)"/.exec(body) ?? [];
    const emulator = new Emulator(quickstartWorld());
    const server = await startEmulator({ emulator });
    try {
      emulator.reassignByHand(id, emulator.users[0]?.id ?? "");
      const headers = {
        "content-type": "application/json",
        "dd-api-key": EMULATOR_API_KEY,
        "dd-application-key": EMULATOR_APP_KEY,
      };
      assert.equal((await fetch(`${server.url}${path}`, { method, headers, body })).status, 202);
      assert.equal(emulator.ownerOf(id), null);
    } finally {
      await server.close();
    }
  });

  it("in C#, Go, Java and Python are the programs of one page, which test/plugin runs or looks at", () => {
    for (const language of ["csharp", "go", "java", "python"]) {
      const places = blocksIn(language).map(({ place }) => place.replace(/:.*/, ""));
      const programs = language === "python" ? 2 : 1;
      assert.deepEqual(places, Array(programs).fill("docs/languages.md"), language);
    }
  });

  it("that are said to be a file of the repository are that file", () => {
    const copies = blocks.filter(({ note }) => note?.startsWith("same: "));
    assert.ok(copies.length > 0);
    for (const { note = "", text } of copies)
      assert.equal(text, readFileSync(join(root, note.slice("same: ".length)), "utf8"));
  });

  describe("that are outputs of a command are what it prints", () => {
    const runs = blocks.filter(({ note }) => RUN.test(note ?? ""));
    for (const block of runs) {
      it(`${block.note} (${block.place})`, async () => {
        assert.equal(await printedBy(block), block.text);
      });
    }
    it("and there are some", () => assert.ok(runs.length >= 3));
  });
});

/** `ownership.yaml` of `# ownership.yaml` in the first line. */
function fileOf(text: string): string | undefined {
  return /^# (\S+\.yaml)\n/.exec(text)?.[1];
}

async function isValid(file: string, place: string): Promise<void> {
  const { code, err } = await runCommand({}, ["validate", file]);
  assert.equal(code, 0, `${place}: ${err}`);
}

/** What a command prints in a folder with the files that the block's page shows before it. */
async function printedBy({ note = "", place }: CodeBlock): Promise<string> {
  const server = note.startsWith("emulator: ") ? await startEmulator(quickstartWorld()) : undefined;
  const page = pages.find(({ path }) => place.startsWith(`${path}:`));
  const folder = mkdtempSync(join(tmpdir(), "findings-docs-"));
  try {
    for (const block of page?.blocks ?? []) {
      if (block.place === place) break;
      const file = fileOf(block.text) ?? /^file: (\S+)$/.exec(block.note ?? "")?.[1];
      if (file === undefined) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), block.text);
    }
    const args = note.replace(RUN, "").split(" ");
    const { out, err } = await runCommand(
      server ? emulatorEnvironment(server) : {},
      args.map((arg) => (/\.(yaml|csv)$/.test(arg) ? join(folder, arg) : arg)),
    );
    return `${[out, err].filter((text) => text !== "").join("\n")}\n`.replaceAll(`${folder}/`, "");
  } finally {
    rmSync(folder, { recursive: true });
    await server?.close();
  }
}

/** What the compiler says of programs, with the options of the examples, and of the SDK beside them. */
function compileErrors(programs: ReadonlyMap<string, string>): string[] {
  const example = join(root, "examples", "quickstart");
  const { config } = ts.readConfigFile(join(example, "tsconfig.json"), ts.sys.readFile);
  const defaults = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, example, defaults);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => programs.has(file) || fileExists(file);
  host.readFile = (file) => programs.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = programs.get(file);
    return text === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...programs.keys()], { ...options, noEmit: true }, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}
