import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assignmentInputSchema } from "../../provider/assignment/assignmentInputs";
import { version } from "../../provider/datadog/http/version";
import { settingDocs } from "../../provider/plugin/pluginConfiguration";
import { ownershipInputSchema } from "../../provider/rulesFile/ownershipSchema";
import { descriptionProblems } from "./descriptionProblems";
import { EnumTypes } from "./enumTypes";
import { InputTypes } from "./inputTypes";
import { OutputTypes } from "./outputTypes";
import { type ObjectType, PACKAGE } from "./schemaType";
import { SchemaTypes } from "./schemaTypes";
import { TypeDocs } from "./typeDocs";

interface ResourceSource {
  /** The class that TypeScript programs use: its doc comment, and its outputs. */
  readonly name: string;
  readonly inputs: ObjectType;
}

/**
 * The schema of the package, from which SDKs and references of all languages are made. Its sources are those of the dynamic provider:
 * the zod schemas that check inputs, and types and doc comments of what TypeScript programs use.
 */
export function packageSchema(): unknown {
  const docs = new TypeDocs([
    "provider/index.ts",
    "provider/plugin/providerFunctions.ts",
    "provider/program/explainFinding.ts",
  ]);
  const enums = new EnumTypes();
  const inputs = new InputTypes(docs, enums);
  const sources = [
    {
      name: "FindingsAssignment",
      inputs: inputs.of(assignmentInputSchema, "FindingsAssignmentArgs", ["resourceName"]),
    },
    { name: "FindingsOwnership", inputs: inputs.of(ownershipInputSchema, "FindingsOwnershipArgs") },
  ];
  const types = new SchemaTypes(docs, { ...inputs.types }, enums);
  const outputs = new OutputTypes(types.types);
  const resources = sources.map((source) => [
    `${PACKAGE}:index:${source.name}`,
    resource(docs, types, outputs, source),
  ]);
  const functions = ["getFindings", "getUser", "getTeam", "getOnCall", "explainFinding"].map((name) => [
    `${PACKAGE}:index:${name}`,
    providerFunction(docs, types, outputs, name),
  ]);
  const schema = {
    name: PACKAGE,
    displayName: "Datadog Findings",
    version,
    description: "Keep the ownership of Datadog security findings in code.",
    keywords: ["pulumi", "datadog", "security", "findings", "category/monitoring", "kind/native"],
    license: "Apache-2.0",
    // The SDK for Go is a module of its own then, however it is generated.
    meta: { supportPack: true },
    config: { variables: settingDocs },
    provider: {
      description:
        "One Datadog organisation. Keys that are not set here, nor in the stack's configuration, come from DD_API_KEY and " +
        "DD_APP_KEY, and are then in no state.",
      inputProperties: settingDocs,
    },
    types: { ...types.types, ...enums.types },
    resources: Object.fromEntries(resources),
    functions: Object.fromEntries(functions),
    language: {
      nodejs: { respectSchemaVersion: true },
      python: { pyproject: { enabled: true }, respectSchemaVersion: true },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
      csharp: { respectSchemaVersion: true },
      java: {},
    },
  };
  const problems = descriptionProblems(JSON.parse(JSON.stringify(schema)));
  if (problems.length > 0) throw new Error(`change the doc comments:\n${problems.join("\n")}`);
  return schema;
}

function resource(
  docs: TypeDocs,
  types: SchemaTypes,
  outputTypes: OutputTypes,
  { name, inputs }: ResourceSource,
): unknown {
  const outputs = types.object(docs.properties(name), "");
  return {
    description: withExamples(docs.describe(name), name),
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties: outputTypes.properties(outputProperties(inputs, outputs)),
    required: [...new Set([...inputs.required, ...outputs.required])].sort(),
    aliases: [{ type: `pulumi-nodejs:dynamic/datadog:${name}` }],
  };
}

/** Of the types of the inputs, where they have the same names: what is whole is said there. */
function outputProperties(inputs: ObjectType, outputs: ObjectType): ObjectType["properties"] {
  const described = Object.entries(outputs.properties).map(([name, property]) => [
    name,
    { ...(inputs.properties[name] ?? property), description: property.description ?? "" },
  ]);
  return { ...inputs.properties, ...Object.fromEntries(described) };
}

function providerFunction(
  docs: TypeDocs,
  types: SchemaTypes,
  outputTypes: OutputTypes,
  name: string,
): unknown {
  const type = name.replace(/^./, (letter) => letter.toUpperCase());
  const inputs = types.object(docs.properties(`${type}Args`), "");
  return {
    description: withExamples(docs.describe(name), name),
    // They take what outputs of a resource have.
    inputs: { ...inputs, properties: outputTypes.properties(inputs.properties) },
    outputs: types.object(docs.properties(`${type}Result`), ""),
  };
}

/** Examples in every language stand in files of their own, as the SDK generators cut them. */
function withExamples(description: string, name: string): string {
  const text = readFileSync(join(__dirname, "examples", `${name}.md`), "utf8").trim();
  return `${description}\n\n{{% examples %}}\n## Example Usage\n{{% example %}}\n\n${text}\n{{% /example %}}\n{{% /examples %}}`;
}
