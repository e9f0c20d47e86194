import { z } from "zod";
import type { EnumTypes } from "./enumTypes";
import { type ObjectType, PACKAGE, type SchemaProperty, type SchemaType } from "./schemaType";
import type { TypeDocs } from "./typeDocs";

/** What `z.toJSONSchema` says of an input, as far as a Pulumi schema can say it, too. */
interface JsonSchema {
  readonly type?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    enum: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
  }),
);

/** Objects inside of inputs: the property that holds them, the name of their type, and the interface that documents it. */
const NAMED: Readonly<Record<string, { readonly type: string; readonly documentedBy: string }>> = {
  rules: { type: "OwnershipRule", documentedBy: "OwnershipRuleArgs" },
  assignees: { type: "WeightedOwner", documentedBy: "WeightedOwnerArgs" },
};

/** Inputs of a resource: types as its zod schema checks them, descriptions from the interface that TypeScript programs see. */
export class InputTypes {
  readonly types: Record<string, ObjectType> = {};

  constructor(
    readonly docs: TypeDocs,
    readonly enums: EnumTypes,
  ) {}

  /** @param documentedBy an exported interface with exactly the properties of the schema */
  of(schema: z.ZodType, documentedBy: string, internal: readonly string[] = []): ObjectType {
    const parsed = jsonSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
    return this.#object(parsed, documentedBy, internal);
  }

  #object(
    { properties = {}, required = [] }: JsonSchema,
    documentedBy: string,
    internal: readonly string[],
  ): ObjectType {
    const documented = new Map(
      this.docs.properties(documentedBy).map((each) => [each.name, each.description]),
    );
    const names = Object.keys(properties).filter((name) => !internal.includes(name));
    const differing = [
      ...names.filter((name) => !documented.has(name)),
      ...[...documented.keys()].filter((name) => !names.includes(name)),
    ];
    if (differing.length > 0)
      throw new Error(`${documentedBy} and its schema differ in ${differing.join(", ")}`);
    return {
      type: "object",
      properties: Object.fromEntries(
        names.map((name): [string, SchemaProperty] => [
          name,
          { ...this.#typeOf(name, properties[name] ?? {}), description: documented.get(name) ?? "" },
        ]),
      ),
      required: required.filter((name) => names.includes(name)),
    };
  }

  #typeOf(name: string, schema: JsonSchema): SchemaType {
    const { type, items, anyOf } = schema;
    if (schema.enum) return this.enums.of(name, schema.enum);
    if (anyOf) return { oneOf: anyOf.map((each) => this.#typeOf(name, each)) };
    switch (type) {
      case "array":
        return { type, items: this.#typeOf(name, items ?? {}) };
      case "object": {
        const named = NAMED[name];
        if (!named) throw new Error(`${name} is an object, and has no name in the schema`);
        const token = `${PACKAGE}:index:${named.type}`;
        this.types[token] ??= {
          description: this.docs.describe(named.documentedBy),
          ...this.#object(schema, named.documentedBy, []),
        };
        return { $ref: `#/types/${token}` };
      }
      case "string":
      case "number":
      case "integer":
      case "boolean":
        return { type };
      default:
        throw new Error(
          `${name} is of a type that a Pulumi schema has no word for: ${JSON.stringify(schema)}`,
        );
    }
  }
}
