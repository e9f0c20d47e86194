import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const dist = join(__dirname, "..", "..", "dist");

/** Declaration files that a program's compiler reads for an entry, and the packages that they import. */
function declarations(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith(".")) visit(`${resolve(dirname(file), fileName)}.d.ts`);
      else packages.add(fileName);
    }
  };
  visit(join(dist, entry));
  return { files: [...files].map((file) => relative(dist, file)), packages: [...packages].sort() };
}

describe("the public surface", () => {
  for (const [entry, packages] of Object.entries({
    "index.d.ts": ["@pulumi/pulumi"],
    "policy/index.d.ts": ["@pulumi/policy"],
    "provider.d.ts": ["@pulumi/pulumi"],
  })) {
    it(`declarations of ${entry} import ${packages} and no other package`, () => {
      const found = declarations(entry);
      assert.deepEqual(found.packages, packages);
      if (entry !== "provider.d.ts") assert.ok(found.files.length > 3, "its own declarations are followed");
    });
  }

  it("a program that declares resources loads no dependency of the package", () => {
    const program = `
      const { FindingsAssignment, FindingsOwnership } = require(${JSON.stringify(join(dist, "index.js"))});
      const pulumi = require("@pulumi/pulumi");
      pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
      new FindingsAssignment("a", { findingIds: ["f"], assignee: "a@example.com" }).urn.apply(() => {
        const files = Object.keys(require.cache);
        const packages = files.map((file) => /.*node_modules.((@[^\\\\/]+.)?[^\\\\/]+)/.exec(file)?.[1]);
        console.log(JSON.stringify([...new Set(packages)]));
      });
      new FindingsOwnership("b", { rules: [{ name: "r", query: "*", assignee: "a@example.com" }] });`;
    const output = execFileSync(process.execPath, ["-e", program], {
      cwd: join(dist, ".."),
      encoding: "utf8",
    });
    const packages: unknown = JSON.parse(output);
    assert.ok(Array.isArray(packages) && packages.includes("@pulumi/pulumi"));
    for (const name of ["undici", "yaml", "zod", "fastest-levenshtein"])
      assert.ok(!packages.includes(name), name);
  });
});
