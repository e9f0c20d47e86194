import { z } from "zod";
import { ownershipFileSchema, ruleSchema } from "./ownershipSchema";

/**
 * The JSON schema of an ownership file, for completion and checks in editors (`# yaml-language-server:
 * $schema=...`). Draft 7, which they all read. Rules about the list as a whole (unique names, a catch-all in
 * the middle) and the syntax of queries are beyond it.
 */
export function ownershipJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(ownershipFileSchema, {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === ownershipFileSchema) jsonSchema.anyOf = ALTERNATIVES.file;
      if (zodSchema === ruleSchema) jsonSchema.anyOf = ALTERNATIVES.rule;
    },
  });
}

/** What the refinements of the schema say, which are not carried over. */
const ALTERNATIVES = {
  file: [
    { type: "object", required: ["rules"], properties: { rules: { type: "array", items: {}, minItems: 1 } } },
    { type: "object", required: ["include"] },
  ],
  rule: ["query", "findingTypes"].flatMap((which) =>
    ["assignee", "assignees"].map((owner) => ({ type: "object" as const, required: [which, owner] })),
  ),
} satisfies Record<string, z.core.JSONSchema.BaseSchema[]>;
