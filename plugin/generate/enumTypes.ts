import { PACKAGE, type SchemaType } from "./schemaType";

/** A closed set of texts, which each language has its own form of. */
export interface EnumType {
  readonly description?: string;
  readonly type: "string";
  readonly enum: readonly { readonly name: string; readonly value: string }[];
}

/** Lists of several values are named after one. */
const NAMES: Readonly<Record<string, string>> = { findingTypes: "FindingType" };

/** The enums of the package, by token. */
export class EnumTypes {
  readonly types: Record<string, EnumType> = {};

  /** @param property that has these values; texts that are no words, such as `-@time`, stay plain strings */
  of(property: string, values: readonly string[]): SchemaType {
    if (!values.every((value) => /^[a-z]\w*$/i.test(value))) return { type: "string" };
    const token = `${PACKAGE}:index:${NAMES[property] ?? pascalCase(property)}`;
    this.types[token] = {
      description: `What \`${property}\` may be.`,
      type: "string",
      enum: values.map((value) => ({ name: pascalCase(value), value })),
    };
    return { $ref: `#/types/${token}` };
  }
}

function pascalCase(text: string): string {
  return text.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
