import assert from "node:assert/strict";
import { join } from "node:path";
import type * as typescript from "typescript";
import { z } from "zod";
import { initFiles } from "../../../provider/cli/initFiles";
import { isMatrix } from "../../support/isMatrix";

const root = join(__dirname, "..", "..", "..");

const configured = z.object({ compilerOptions: z.record(z.string(), z.unknown()) });
const vendored = join(root, "node_modules", "@pulumi", "pulumi", "vendor", "typescript@3.8.3");

const examples = isMatrix()
  ? ["quickstart", "ownership", "ownership-typescript", "policy-pack", "migrate"]
  : ["ownership-typescript"];

/** What the SDK takes for options that a project leaves out. Source: its cmd/run/run.ts. */
const ownCompiler = {
  name: "without typescript, the SDK's own compiler, 3.8,",
  file: join(vendored, "typescript.js"),
  defaults: { module: "commonjs", moduleResolution: "node" },
};
const projectCompiler = {
  name: "TypeScript of the project",
  file: "typescript",
  defaults: { module: "nodenext", moduleResolution: "nodenext" },
};
/** The type check of the repository has the examples, too, by a compiler of today. */
const compilers = isMatrix() ? [ownCompiler, projectCompiler] : [ownCompiler];

for (const { name, file, defaults } of compilers)
  describe(name, () => {
    const ts: typeof typescript = require(file);
    for (const example of examples) {
      it(`takes examples/${example} with its tsconfig.json`, () => {
        const folder = join(root, "examples", example);
        const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile);
        assert.deepEqual(problemsOf(config, folder), []);
      });
    }

    it("takes what init writes", () => {
      const files = initFiles({ folderName: "findings", forEmulator: true });
      const folder = join(root, "examples");
      const config: unknown = JSON.parse(files["tsconfig.json"] ?? "");
      assert.deepEqual(problemsOf(config, folder, files["index.ts"]), []);
    });

    /** Of the options and of the program's own files, as ts-node asks for them. */
    function problemsOf(config: unknown, folder: string, program?: string): string[] {
      const { compilerOptions } = configured.parse(config);
      const all = { files: ["index.ts"], compilerOptions: { ...defaults, ...compilerOptions } };
      const { options, fileNames, errors } = ts.parseJsonConfigFileContent(all, ts.sys, folder);
      const host = ts.createCompilerHost(options);
      if (program !== undefined) {
        const { fileExists, getSourceFile } = host;
        const isProgram = (file: string) => fileNames.includes(file);
        host.fileExists = (file) => isProgram(file) || fileExists(file);
        host.getSourceFile = (file, version, ...rest) =>
          isProgram(file)
            ? ts.createSourceFile(file, program, version)
            : getSourceFile(file, version, ...rest);
      }
      const compiled = ts.createProgram(fileNames, options, host);
      const ofFiles = fileNames.flatMap((name) => {
        const file = compiled.getSourceFile(name);
        return [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)];
      });
      return [...errors, ...compiled.getOptionsDiagnostics(), ...ofFiles].map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, "\n"),
      );
    }
  });
