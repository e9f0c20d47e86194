import { z } from "zod";
import type { ResourceState } from "./checkpoint";
import type { PropertyMap } from "./properties";

/** One call of the provider, with the field names of the protocol; logged when it ended. */
export interface ProviderCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  readonly errors?: readonly string[];
}

const changeNames = ["DIFF_UNKNOWN", "DIFF_NONE", "DIFF_SOME"] as const;
const properties = z.custom<PropertyMap>().default({});
/** The fields of the answers that the engine goes by, and the log shows. */
export const nothing = z.object({});
export const pluginInfo = z.object({ version: z.string() });
export const checked = z.object({
  inputs: properties,
  failures: z.array(z.object({ property: z.string(), reason: z.string() })),
});
export const compared = z.object({
  changes: z.number().transform((number) => changeNames[number] ?? "DIFF_UNKNOWN"),
  replaces: z.array(z.string()),
  deleteBeforeReplace: z.boolean(),
});
export const created = z.object({ id: z.string(), properties });
export const updated = z.object({ properties });
export const found = z.object({ id: z.string(), properties, inputs: z.custom<PropertyMap>().optional() });

export type DiffResult = z.infer<typeof compared>;
export type Identity = Pick<ResourceState, "urn" | "type" | "id">;
export type Stored = Pick<ResourceState, "urn" | "type" | "id" | "inputs" | "outputs">;

export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

export const nameOf = (urn: string, separator = "::"): string => urn.split(separator).at(-1) ?? "";
