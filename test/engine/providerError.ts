import { type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { z } from "zod";
import { readMessage } from "./messageFields";
import type { PropertyMap } from "./properties";

const initFailureSchema = z.object({
  id: z.string(),
  properties: z.custom<PropertyMap>().default({}),
  inputs: z.custom<PropertyMap>().optional(),
  reasons: z.array(z.string()),
});
/** What a provider reports of a resource that exists, but is not as it should be. */
export type InitFailure = z.infer<typeof initFailureSchema>;

/** A call of the provider that failed. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";

  constructor(
    message: string,
    readonly method: string,
    /** The error as the real engine's recordings spell it. */
    readonly rpc: string,
    /** The provider went away in mid-call: nobody knows whether the change was made. */
    readonly lost: boolean,
    readonly initFailure?: InitFailure,
  ) {
    super(message);
  }
}

const codeNames: Record<number, string> = {
  [status.UNKNOWN]: "Unknown",
  [status.UNIMPLEMENTED]: "Unimplemented",
};

function readInitFailure(error: ServiceError): InitFailure | undefined {
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = Buffer.isBuffer(packed) ? Status.deserializeBinary(packed).getDetailsList() : [];
  const detail = details.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
  if (!detail) return undefined;
  const failed = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return initFailureSchema.parse(readMessage(failed, Object.keys(initFailureSchema.shape)));
}

const listReasons = (reasons: readonly string[]): string =>
  `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((r) => `\t* ${r}\n`).join("")}\n`;

export function toProviderError(method: string, error: ServiceError): ProviderError {
  const initFailure = readInitFailure(error);
  const lost = error.code === status.UNAVAILABLE;
  const message = initFailure
    ? listReasons(initFailure.reasons)
    : lost
      ? `the provider process went away during ${method} (${error.details})`
      : error.details;
  const rpc = `rpc error: code = ${codeNames[error.code] ?? status[error.code]} desc = ${error.details}`;
  return new ProviderError(message, method, rpc, lost, initFailure);
}
