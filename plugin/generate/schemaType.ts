/** A type in a Pulumi schema. */
export type SchemaType =
  | { readonly type: "string" | "number" | "integer" | "boolean" }
  | { readonly type: "array"; readonly items: SchemaType }
  | { readonly oneOf: readonly SchemaType[] }
  | { readonly $ref: string };

export type SchemaProperty = SchemaType & { readonly description?: string; readonly secret?: true };

export interface ObjectType {
  readonly description?: string;
  readonly type: "object";
  readonly properties: Readonly<Record<string, SchemaProperty>>;
  readonly required: readonly string[];
}

export const PACKAGE = "datadog-findings";
