import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { PropertyMap } from "./properties";
import type { Secrets } from "./secrets";

const properties = z.custom<PropertyMap>((value) => typeof value === "object" && value !== null);
const resourceSchema = z.looseObject({
  urn: z.string(),
  custom: z.boolean(),
  /** Replaced: still to be deleted. */
  delete: z.boolean().optional(),
  id: z.string().optional(),
  type: z.string(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  dependencies: z.array(z.string()).optional(),
  initErrors: z.array(z.string()).optional(),
  provider: z.string().optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).optional(),
  retainOnDelete: z.boolean().optional(),
  /** Goes with this resource: where that one is deleted, the provider is not asked to delete this one. */
  deletedWith: z.string().optional(),
  ignoreChanges: z.array(z.string()).optional(),
  aliases: z.array(z.string()).optional(),
  created: z.string().optional(),
  modified: z.string().optional(),
});
const operationSchema = z.object({ resource: resourceSchema, type: z.string() });
const checkpointSchema = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    resources: z.array(resourceSchema).optional(),
    pending_operations: z.array(operationSchema).optional(),
  }),
});

/** One resource as the checkpoint keeps it; in memory its secrets are open, on disk they are encrypted. */
export type ResourceState = Readonly<z.infer<typeof resourceSchema>>;
export type PendingOperation = z.infer<typeof operationSchema>;
/** What `pulumi stack export` prints (version 3). */
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

export const parseCheckpoint = (value: unknown): Checkpoint => checkpointSchema.parse(value);

export const readCheckpoint = (file: string): Checkpoint =>
  existsSync(file) ? parseCheckpoint(JSON.parse(readFileSync(file, "utf8"))) : { version: 3, deployment: {} };

/** Written beside and renamed, so that a reader, or the next run after a SIGKILL, never sees half a file. */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(checkpoint), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const mapProperties = (
  resource: ResourceState,
  change: (map: PropertyMap) => PropertyMap,
): ResourceState => ({
  ...resource,
  ...(resource.inputs && { inputs: change(resource.inputs) }),
  ...(resource.outputs && { outputs: change(resource.outputs) }),
});

export const openResource = (resource: ResourceState, secrets: Secrets): ResourceState =>
  mapProperties(resource, secrets.open);

/**
 * As it stands in the file: without what says nothing (`false`, `{}`, `[]`); but `custom` is always there.
 */
export function closeResource(resource: ResourceState, secrets: Secrets): ResourceState {
  const { urn, type, custom, ...rest } = mapProperties(resource, secrets.close);
  const said = Object.entries(rest).filter(([, value]) =>
    typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value),
  );
  return { urn, type, custom, ...Object.fromEntries(said) };
}
