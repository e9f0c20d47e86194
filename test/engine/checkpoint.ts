import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { PropertyMap } from "./properties";
import { type SecretsCipher, type SecretsProvider, secretsProviderSchema } from "./secretsCipher";

const properties = z.custom<PropertyMap>((value) => typeof value === "object" && value !== null);
const resourceSchema = z.looseObject({
  urn: z.string(),
  custom: z.boolean(),
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
  ignoreChanges: z.array(z.string()).optional(),
  created: z.string().optional(),
  modified: z.string().optional(),
});
const operationSchema = z.object({ resource: resourceSchema, type: z.string() });
const checkpointSchema = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    secrets_providers: secretsProviderSchema.optional(),
    resources: z.array(resourceSchema).optional(),
    pending_operations: z.array(operationSchema).optional(),
  }),
});

/** One resource as the checkpoint keeps it; in memory its secrets are open, on disk they are encrypted. */
export type ResourceState = z.infer<typeof resourceSchema>;
export type PendingOperation = z.infer<typeof operationSchema>;
/** What `pulumi stack export` prints (version 3). */
export type Checkpoint = z.infer<typeof checkpointSchema>;

export interface StackState {
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}

export const parseCheckpoint = (value: unknown): Checkpoint => checkpointSchema.parse(value);

export const readCheckpoint = (file: string): Checkpoint | undefined =>
  existsSync(file) ? parseCheckpoint(JSON.parse(readFileSync(file, "utf8"))) : undefined;

/** Written beside and renamed, so that a reader, or the next run after a SIGKILL, never sees half a file. */
export function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export const writeCheckpoint = (file: string, checkpoint: Checkpoint): void =>
  writeFile(file, JSON.stringify(checkpoint));

const mapState = (resource: ResourceState, change: (map: PropertyMap) => PropertyMap): ResourceState => ({
  ...resource,
  ...(resource.inputs && { inputs: change(resource.inputs) }),
  ...(resource.outputs && { outputs: change(resource.outputs) }),
});

export function openCheckpoint(checkpoint: Checkpoint | undefined, cipher: SecretsCipher): StackState {
  const { resources = [], pending_operations = [] } = checkpoint?.deployment ?? {};
  const open = (resource: ResourceState) => mapState(resource, cipher.open);
  return {
    resources: resources.map(open),
    pendingOperations: pending_operations.map(({ resource, type }) => ({ resource: open(resource), type })),
  };
}

const present = (value: unknown): boolean =>
  !(
    value === undefined ||
    value === false ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );

/** Leaves out what says nothing (`false`, `{}`, `[]`), as Pulumi does; `custom` is always there. */
const compact = (resource: ResourceState): ResourceState => ({
  ...(Object.fromEntries(Object.entries(resource).filter(([, value]) => present(value))) as ResourceState),
  custom: resource.custom,
});

/** A resource as it stands in the file. */
export const closeResource = (resource: ResourceState, cipher: SecretsCipher): ResourceState =>
  compact(mapState(resource, cipher.close));

/** The file's text, from the texts of its parts. */
export function checkpointText(
  resources: readonly string[],
  operations: readonly string[],
  secretsProvider: SecretsProvider,
): string {
  const list = (name: string, texts: readonly string[]) =>
    texts.length > 0 ? `,"${name}":[${texts.join(",")}]` : "";
  const manifest = { time: new Date().toISOString(), magic: "", version: "embedded" };
  return `{"version":3,"deployment":{"manifest":${JSON.stringify(manifest)},"secrets_providers":${JSON.stringify(
    secretsProvider,
  )}${list("resources", resources)}${list("pending_operations", operations)},"metadata":{}}}`;
}
