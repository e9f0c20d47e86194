import { z } from "zod";
import { ownershipFileSchema } from "./ownershipSchema";

/**
 * The JSON schema of an ownership file, for completion and checks in editors
 * (`# yaml-language-server: $schema=...`). Draft 7, which they all read. Rules about the list as a whole (unique names, a
 * catch-all in the middle) and the syntax of queries are beyond it.
 */
export function ownershipJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(ownershipFileSchema, { target: "draft-7", io: "input" });
}
