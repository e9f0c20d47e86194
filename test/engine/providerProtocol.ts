import type { ResourceState } from "./checkpoint";
import type { PropertyMap } from "./properties";

/** One call of the provider, with the field names of the protocol; logged when it ended. */
export interface ProviderCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  readonly errors?: readonly string[];
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}
export interface DiffResult {
  readonly changes: "DIFF_UNKNOWN" | "DIFF_NONE" | "DIFF_SOME";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}
export interface Identity {
  readonly urn: string;
  readonly type: string;
}
export interface Stored extends Identity {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export const toStored = (resource: ResourceState): Stored => ({
  urn: resource.urn,
  type: resource.type,
  id: resource.id ?? "",
  inputs: resource.inputs ?? {},
  outputs: resource.outputs ?? {},
});

export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
