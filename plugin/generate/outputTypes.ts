import { isDeepStrictEqual } from "node:util";
import { type ObjectType, PACKAGE, type SchemaProperty } from "./schemaType";

/** The output form of an input's type, where the two differ. */
const OUTPUT_FORMS: Readonly<Record<string, { readonly name: string; readonly description: string }>> = {
  OwnershipRule: {
    name: "EffectiveRule",
    description:
      "A rule as outputs have it. Each of its `assignees` is a text, or an object with `assignee` and `weight`.",
  },
};

const PREFIX = `#/types/${PACKAGE}:index:`;

/**
 * Types of inputs as outputs have them: Java's SDK reads no union with an object out of an output, and a
 * program fails there (pulumi/pulumi-java#2266), so that such a union is any value.
 */
export class OutputTypes {
  constructor(readonly types: Record<string, ObjectType>) {}

  properties(properties: ObjectType["properties"]): ObjectType["properties"] {
    return Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, this.#property(property)]),
    );
  }

  #property(property: SchemaProperty): SchemaProperty {
    if ("oneOf" in property) {
      const { oneOf, ...rest } = property;
      return oneOf.some((each) => "$ref" in each) ? { ...rest, $ref: "pulumi.json#/Any" } : property;
    }
    if ("items" in property) return { ...property, items: this.#property(property.items) };
    return "$ref" in property ? { ...property, $ref: this.#reference(property.$ref) } : property;
  }

  #reference(reference: string): string {
    const name = reference.replace(PREFIX, "");
    const type = this.types[`${PACKAGE}:index:${name}`];
    const properties = type && this.properties(type.properties);
    if (!type || !properties || isDeepStrictEqual(properties, type.properties)) return reference;
    const form = OUTPUT_FORMS[name];
    if (form === undefined) throw new Error(`${name} has no name for its output form`);
    this.types[`${PACKAGE}:index:${form.name}`] = { ...type, description: form.description, properties };
    return `${PREFIX}${form.name}`;
  }
}
