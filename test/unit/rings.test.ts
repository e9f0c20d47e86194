import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

const provider = join(__dirname, "..", "..", "provider");

/** For each ring, from the inside: the folders and the packages that it may import. */
const rings: Record<string, { folders: string[]; packages: RegExp }> = {
  core: { folders: ["core"], packages: /^fastest-levenshtein$/ },
  datadog: { folders: ["core", "datadog"], packages: /^(undici|zod|fastest-levenshtein|node:.*)$/ },
};

interface Import {
  readonly file: string;
  readonly target: string;
}

/** What a file imports: paths below `provider`, or names of packages. */
function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"));
  return importedFiles.map(({ fileName }) => ({
    file: relative(provider, file),
    target: fileName.startsWith(".")
      ? `.${sep}${relative(provider, resolve(dirname(file), fileName))}`
      : fileName,
  }));
}

function sourcesIn(folder: string): string[] {
  const entries = readdirSync(join(provider, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join(provider, folder, entry));
}

describe("imports point inwards", () => {
  for (const [ring, { folders, packages }] of Object.entries(rings)) {
    it(`provider/${ring} imports nothing but ${folders.join(", ")} and what its packages are`, () => {
      const imports = sourcesIn(ring).flatMap(importsOf);
      assert.ok(imports.length > 0);
      const isInside = ({ target }: Import) =>
        target.startsWith(".")
          ? folders.some((folder) => target.startsWith(`.${sep}${folder}${sep}`))
          : packages.test(target);
      assert.deepEqual(
        imports.filter((each) => !isInside(each)),
        [],
      );
    });
  }

  it("nothing but the resource classes, their functions and the provider knows of Pulumi", () => {
    const inner = ["core", "query", "rules", "rulesFile", "datadog", "changes", "messages", "session", "transfer", "assignment", "ownership", "engine", "cli"].flatMap(sourcesIn);
    const outward = inner.flatMap(importsOf).filter(({ target }) => target.startsWith("@pulumi/"));
    assert.deepEqual(outward, []);
  });
});
