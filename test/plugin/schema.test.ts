import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SCHEMA_FILE, schemaText } from "../../plugin/generate/main";

const root = join(__dirname, "..", "..");
const versioned = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });
const manifest = (...path: string[]) =>
  versioned.parse(JSON.parse(readFileSync(join(root, ...path), "utf8")));

/** A type, or a property of one, as far as it says which others it has. */
interface Type {
  readonly $ref?: string | undefined;
  readonly oneOf?: readonly Type[] | undefined;
  readonly items?: Type | undefined;
  readonly properties?: Readonly<Record<string, Type>> | undefined;
}
const type: z.ZodType<Type> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    oneOf: z.array(type).optional(),
    items: type.optional(),
    properties: z.record(z.string(), type).optional(),
  }),
);

const schema = z.object({
  version: z.string(),
  types: z.record(z.string(), type),
  resources: z.record(
    z.string(),
    z.object({
      description: z.string(),
      properties: z.record(z.string(), type),
      aliases: z.array(z.object({ type: z.string() })),
      inputProperties: z.record(z.string(), z.object({ description: z.string().min(1) })),
    }),
  ),
  functions: z.record(z.string(), z.object({ description: z.string(), outputs: type })),
});

describe("the plugin's schema", function () {
  this.timeout(60_000);
  const text = readFileSync(SCHEMA_FILE, "utf8");
  const { version, types, resources, functions } = schema.parse(JSON.parse(text));

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

  it("has no union with an object in an output, which Java's SDK cannot read", () => {
    const unions = ({ $ref = "", oneOf = [], items, properties = {} }: Type): Type[] => {
      const named = types[$ref.replace("#/types/", "")];
      const parts = [...(named ? [named] : []), ...(items ? [items] : []), ...Object.values(properties)];
      return [...oneOf.filter((each) => each.$ref !== undefined), ...parts.flatMap(unions)];
    };
    const outputs = [...Object.values(resources), ...Object.values(functions).map((each) => each.outputs)];
    assert.deepEqual(outputs.flatMap(unions), []);
    assert.equal(unions({ $ref: "#/types/datadog-findings:index:OwnershipRule" }).length, 1);
  });

  it("describes everything with an example in every language", () => {
    for (const { description } of [...Object.values(resources), ...Object.values(functions)]) {
      const languages = [...description.matchAll(/^```(\w+)$/gm)].map(([, language]) => language);
      assert.deepEqual(languages, ["yaml", "typescript", "python", "go", "csharp", "java"]);
    }
  });
});
