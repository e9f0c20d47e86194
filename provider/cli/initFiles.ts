import { z } from "zod";

export interface InitOptions {
  /** Of the folder: the project is named after it. */
  readonly folderName: string;
  /** Whether it is tried against the emulator, whose users the rules name. */
  readonly forEmulator: boolean;
}

/** What a new project consists of beside its `package.json`: file names, and their texts. */
export function initFiles({ folderName, forEmulator }: InitOptions): Readonly<Record<string, string>> {
  return {
    "Pulumi.yaml": `name: ${projectName(folderName)}
description: Who owns which Datadog security findings
runtime: nodejs
main: index.ts
`,
    "index.ts": `import { FindingsOwnership } from "pulumi-datadog-findings";

const security = FindingsOwnership.fromFile("security", "ownership.yaml");

// What the last update of these rules assigned, not how many findings their owners have: "report" counts those.
export const lastUpdateAssigned = security.total;
// Findings in scope that no rule takes and nobody owns.
export const unowned = security.unowned;
`,
    "ownership.yaml": `# yaml-language-server: $schema=./node_modules/pulumi-datadog-findings/dist/ownership.schema.json
# The first rule that matches a finding decides. ${
      forEmulator
        ? "The owners are users of the emulator."
        : "Replace the owners by users of your organisation."
    }
scope: "@status:open"
maxChanges: 1500
rules:
  - name: payments
    query: "@severity:(critical OR high) team:payments"
    assignee: payments-lead@example.com
    overwrite: true
    note: Card data - the lead gets them, whoever has them now
  - name: platform
    query: team:platform
    assignee: platform-oncall@example.com
    note: The account of the platform team's on-call rotation
  - name: rest
    query: "*"
    assignee: security-duty@example.com
    note: Everything else
`,
    "tsconfig.json": `${JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ["index.ts"] }, null, 2)}\n`,
    // Not Pulumi.<stack>.yaml: CI needs the settings in it.
    ".gitignore": "node_modules/\n.pulumi/\nemulator.log\nchanges.jsonl\nreport.*\n",
  };
}

/**
 * As in the examples: options that TypeScript 6 takes, and 3.8, which the SDK brings along and uses where a
 * project has no TypeScript. `module` and `moduleResolution` are left to the SDK, which knows with which of
 * the two it compiles.
 */
const COMPILER_OPTIONS = {
  target: "ES2020",
  strict: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  types: ["node"],
};

/** What Pulumi accepts as the name of a project: letters, digits, `-`, `_` and `.`. */
function projectName(folderName: string): string {
  const name = folderName.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return /[A-Za-z]/.test(name) ? name : "findings";
}

const packages = z.record(z.string(), z.string());
const manifest = z.looseObject({
  type: z.string().optional(),
  dependencies: packages.optional(),
  devDependencies: packages.optional(),
});

/**
 * The `package.json` of a project, of versions that go together: the SDK takes TypeScript below 7, and from
 * 3.249 on asks for Node.js 22.
 * @param existing the text of the one that is there, such as `npm install` has written: what it says stays
 * @param nodeVersion as `process.versions.node`
 * @throws Error where the existing one is no `package.json`, or makes the program an ES module
 */
export function packageManifest(existing: string | undefined, version: string, nodeVersion: string): string {
  const parsed = existing === undefined ? { private: true } : parseManifest(existing);
  if (parsed.type === "module") {
    throw new Error(
      'package.json has "type": "module", and index.ts is a CommonJS program: take that line out, or start in an empty folder',
    );
  }
  const dependencies = {
    "@pulumi/pulumi": Number.parseInt(nodeVersion, 10) < 22 ? ">=3.150.0 <3.249.0" : "^3.150.0",
    "pulumi-datadog-findings": `^${version}`,
    ...parsed.dependencies,
  };
  const devDependencies = { "@types/node": "^20.19.0", typescript: "^6.0.3", ...parsed.devDependencies };
  return `${JSON.stringify({ ...parsed, dependencies, devDependencies }, null, 2)}\n`;
}

function parseManifest(text: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    throw new Error("package.json cannot be read as one: mend it, or start in an empty folder");
  }
}
