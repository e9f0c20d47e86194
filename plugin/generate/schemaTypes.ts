import ts from "typescript";
import type { EnumTypes } from "./enumTypes";
import { type ObjectType, PACKAGE, type SchemaProperty, type SchemaType } from "./schemaType";
import type { TypeDocs } from "./typeDocs";

/** Counts and statuses; whatever else is a number is one of milliseconds, which no 32 bits hold. */
const WHOLE_NUMBERS = new Set(["assigned", "limit", "maxChanges", "status", "total", "unowned"]);

/** Types of TypeScript as those of a schema; interfaces become named types. */
export class SchemaTypes {
  /** @param types named types that are known: those of inputs, where more may be left out */
  constructor(
    readonly docs: TypeDocs,
    readonly types: Record<string, ObjectType>,
    readonly enums: EnumTypes,
  ) {}

  property(name: string, type: ts.Type, description: string): SchemaProperty {
    return { ...this.typeOf(name, type), ...(description !== "" && { description }) };
  }

  /** @param name of the property, which tells a whole number */
  typeOf(name: string, type: ts.Type): SchemaType {
    const { members } = this.docs.membersOf(type);
    const texts = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
    if (texts.length > 1 && texts.length === members.length) return this.enums.of(name, texts);
    const kinds = new Set(
      members.map((member) => this.#memberType(name, member)).map((each) => JSON.stringify(each)),
    );
    if (kinds.size !== 1) throw new Error(`${name} has ${kinds.size} types, and a schema takes one`);
    return JSON.parse([...kinds].join());
  }

  #memberType(name: string, type: ts.Type): SchemaType {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: WHOLE_NUMBERS.has(name) ? "integer" : "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (this.docs.isArray(type))
      return { type: "array", items: this.typeOf(name, this.docs.argumentOf(type)) };
    const typeName = this.docs.symbolNameOf(type);
    if (typeName === "" || typeName === "__type") throw new Error(`${name} is of a type without a name`);
    return this.reference(typeName, type);
  }

  reference(typeName: string, type: ts.Type): SchemaType {
    const token = `${PACKAGE}:index:${typeName}`;
    this.types[token] ??= this.object(this.docs.propertiesOf(type), this.docs.describe(type));
    return { $ref: `#/types/${token}` };
  }

  object(properties: ReturnType<TypeDocs["properties"]>, description: string): ObjectType {
    return {
      ...(description !== "" && { description }),
      type: "object",
      properties: Object.fromEntries(
        properties.map(({ name, type, description: text }) => [name, this.property(name, type, text)]),
      ),
      required: properties
        .filter(({ type, optional }) => !optional && !this.docs.membersOf(type).nullable)
        .map(({ name }) => name)
        .sort(),
    };
  }
}
