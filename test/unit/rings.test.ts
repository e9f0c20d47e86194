import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");
const provider = join(root, "provider");

/**
 * For each folder, from the inside: the folders and the packages that it may import. "." are the entry files.
 */
const table: Readonly<Record<string, { readonly folders: readonly string[]; readonly packages?: RegExp }>> = {
  core: { folders: [], packages: /^fastest-levenshtein$/ },
  query: { folders: ["core"], packages: /^fastest-levenshtein$/ },
  rules: { folders: ["core", "query"], packages: /^node:crypto$/ },
  rulesFile: { folders: ["core", "query", "rules"], packages: /^(yaml|zod|node:(fs|path))$/ },
  "datadog/model": { folders: ["core"] },
  "datadog/errors": { folders: ["core", "datadog/model"] },
  "datadog/rateLimit": { folders: ["core", "datadog/model"], packages: /^zod$/ },
  "datadog/http": {
    folders: ["core", "datadog/model", "datadog/errors", "datadog/rateLimit"],
    packages: /^(undici|zod|node:.*|pulumi-datadog-findings\/package\.json)$/,
  },
  datadog: {
    folders: ["core", "query", "datadog/model", "datadog/errors", "datadog/rateLimit", "datadog/http"],
    packages: /^(zod|fastest-levenshtein)$/,
  },
  changes: { folders: ["core", "datadog", "datadog/model", "datadog/errors"], packages: /^node:timers/ },
  messages: { folders: ["core", "query", "datadog/model", "datadog/errors"] },
  engine: { folders: ["core", "datadog/model", "datadog/errors"], packages: /^(zod|node:util)$/ },
  session: {
    folders: ["core", "rules", ...datadogFolders(), "changes", "messages"],
    packages: /^(zod|node:(crypto|fs|path))$/,
  },
  transfer: { folders: ["core", "query", "rules", ...datadogFolders(), "changes", "messages", "session"] },
  assignment: {
    folders: [
      ...["core", "rules", ...datadogFolders(), "changes", "messages"],
      ...["engine", "session", "transfer"],
    ],
    packages: /^zod$/,
  },
  ownership: {
    folders: [
      ...["core", "query", "rules", "rulesFile", ...datadogFolders()],
      ...["changes", "messages", "engine", "session", "transfer"],
    ],
    packages: /^(zod|node:util)$/,
  },
  dynamic: {
    folders: ["core", ...datadogFolders(), "messages", "engine", "session"],
    packages: /^(@pulumi\/pulumi|zod|node:.*)$/,
  },
  program: {
    folders: [
      ...["core", "query", "rules", "rulesFile", ...datadogFolders()],
      ...["engine", "session", "transfer", "ownership", "dynamic"],
    ],
    packages: /^(@pulumi\/pulumi.*|zod|node:.*)$/,
  },
  policy: {
    folders: ["core", "query", "rules", "engine"],
    packages: /^(@pulumi\/(policy|pulumi)|zod|node:.*)$/,
  },
  cli: {
    folders: [
      ...["core", "query", "rules", "rulesFile", ...datadogFolders()],
      ...["messages", "engine", "session", "transfer", "ownership", "program"],
    ],
    packages: /^(zod|node:.*)$/,
  },
  plugin: {
    folders: [
      ...["core", "query", "rules", ...datadogFolders(), "messages", "engine", "session"],
      ...["assignment", "ownership", "dynamic", "program"],
    ],
    packages: /^(@pulumi\/pulumi.*|@grpc\/grpc-js|google-protobuf.*|zod|node:.*)$/,
  },
  ".": {
    folders: ["datadog/model", "rules", "assignment", "ownership", "engine", "dynamic", "program"],
    packages: /^@pulumi\/pulumi$/,
  },
};

function datadogFolders(): string[] {
  return ["datadog", "datadog/model", "datadog/errors", "datadog/http"];
}

interface Import {
  readonly file: string;
  /** A file below `provider`, or the name of a package. */
  readonly target: string;
}

function folderOf(file: string): string {
  return posix.dirname(file);
}

function sources(): string[] {
  const entries = readdirSync(provider, { recursive: true, encoding: "utf8" });
  return entries
    .filter((entry) => entry.endsWith(".ts") && !entry.endsWith(".d.ts"))
    .map((entry) => entry.split(sep).join("/"));
}

/** Imports of values and of types alike. */
function importsOf(file: string, files: ReadonlySet<string>): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(provider, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith(".")) return { file, target: fileName };
    const path = relative(provider, resolve(provider, dirname(file), fileName))
      .split(sep)
      .join("/");
    const target = [path, `${path}.ts`, `${path}/index.ts`].find((each) => files.has(each));
    return { file, target: target ?? path };
  });
}

const files = new Set(sources());
const imports = [...files].flatMap((file) => importsOf(file, files));

/** A path along edges that comes back to its start; undefined where there is none. */
function circle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const found = visit(node, []);
    if (found) return found;
  }
  return undefined;
}

function edgesBetween(nameOf: (file: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    if (!files.has(target) || nameOf(file) === nameOf(target)) continue;
    edges.set(nameOf(file), (edges.get(nameOf(file)) ?? new Set()).add(nameOf(target)));
  }
  return edges;
}

describe("the folders of provider/", () => {
  it("are all in the table", () => {
    assert.deepEqual([...new Set([...files].map(folderOf))].sort(), Object.keys(table).sort());
  });

  for (const [folder, { folders, packages }] of Object.entries(table)) {
    it(`${folder} imports only ${folders.join(", ") || "its own files"}${packages ? ` and ${packages}` : ""}`, () => {
      const own = imports.filter(({ file }) => folderOf(file) === folder);
      assert.ok(own.length > 0 || folder === "core");
      const allowed = new Set([folder, ...folders]);
      const others = own.filter(({ target }) =>
        files.has(target) ? !allowed.has(folderOf(target)) : packages?.test(target) !== true,
      );
      assert.deepEqual(others, []);
    });
  }

  it("import each other in one direction, types included", () => {
    assert.equal(circle(edgesBetween(folderOf)), undefined);
  });

  it("stand in CONTRIBUTING's table with a charter each", () => {
    const contributing = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    for (const folder of Object.keys(table)) {
      if (folder !== ".")
        assert.match(contributing, new RegExp(`^\\| \`${folder}/\` \\| [^|]{10,} \\|`, "m"), folder);
    }
  });
});

/** Lines, from 0, on which there is a text in quotes or of a template. */
function linesWithText(file: string): Set<number> {
  const text = readFileSync(join(provider, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteral(node) ||
      ts.isTemplateExpression(node) ||
      ts.isNoSubstitutionTemplateLiteral(node)
    ) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      for (let line = first; line <= last; line++) lines.add(line);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

describe("the files of provider/", () => {
  it("import each other in one direction, types included", () => {
    assert.equal(circle(edgesBetween((file) => file)), undefined);
  });

  it("have lines of at most 110 characters, those of comments included; texts in quotes may be longer", () => {
    const long = [...files].flatMap((file) =>
      readFileSync(join(provider, file), "utf8")
        .split("\n")
        .flatMap((line, index) =>
          line.length > 110 && !linesWithText(file).has(index) ? `${file}:${index + 1}` : [],
        ),
    );
    assert.deepEqual(long, []);
  });
});
