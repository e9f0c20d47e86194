import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SCHEMA_FILE, schemaText } from "../../plugin/generate/main";

const root = join(__dirname, "..", "..");
const versioned = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });
const manifest = (...path: string[]) =>
  versioned.parse(JSON.parse(readFileSync(join(root, ...path), "utf8")));

const schema = z.object({
  version: z.string(),
  resources: z.record(
    z.string(),
    z.object({
      description: z.string(),
      aliases: z.array(z.object({ type: z.string() })),
      inputProperties: z.record(z.string(), z.object({ description: z.string().min(1) })),
    }),
  ),
  functions: z.record(z.string(), z.object({ description: z.string() })),
});

describe("the plugin's schema", function () {
  this.timeout(60_000);
  const text = readFileSync(SCHEMA_FILE, "utf8");
  const { version, resources, functions } = schema.parse(JSON.parse(text));

  it("is what the zod schemas, types and doc comments say: `npm run schema` writes it", () => {
    assert.equal(text, schemaText());
  });

  it("has the version of the package, as has the folder that `pulumi package add` takes", () => {
    const { version: expected } = manifest("package.json");
    assert.equal(version, expected);
    const plugin = manifest("plugin", "package.json");
    assert.equal(plugin.version, expected);
    assert.equal(plugin.dependencies["pulumi-datadog-findings"], expected);
  });

  it("takes over the types of the dynamic provider", () => {
    const aliases = Object.values(resources).flatMap((resource) => resource.aliases.map(({ type }) => type));
    assert.deepEqual(aliases.sort(), [
      "pulumi-nodejs:dynamic/datadog:FindingsAssignment",
      "pulumi-nodejs:dynamic/datadog:FindingsOwnership",
    ]);
  });

  it("describes everything with an example in every language", () => {
    for (const { description } of [...Object.values(resources), ...Object.values(functions)]) {
      const languages = [...description.matchAll(/^```(\w+)$/gm)].map(([, language]) => language);
      assert.deepEqual(languages, ["yaml", "typescript", "python", "go", "csharp", "java"]);
    }
  });
});
