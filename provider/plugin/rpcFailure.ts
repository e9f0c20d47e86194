import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type Properties, toStruct } from "./properties";

/** A call that failed, as gRPC sends it. */
export class RpcFailure extends Error {
  override readonly name = "RpcFailure";

  /** @param details go into the trailer `grpc-status-details-bin` */
  constructor(
    message: string,
    readonly code: number = grpc.status.UNKNOWN,
    readonly details?: Status,
  ) {
    super(message);
  }

  get response(): Partial<grpc.ServerErrorResponse> {
    const metadata = new grpc.Metadata();
    if (this.details) {
      metadata.set("grpc-status-details-bin", Buffer.from(this.details.serializeBinary()));
    }
    return { code: this.code, details: this.message, metadata };
  }
}

/** What the engine is to keep of a resource although the call failed. */
export interface PartialFailure {
  readonly id: string;
  /** The outputs, secrets marked. */
  readonly properties: Properties;
  /** Shown to the user, a bullet each, and kept in the state as `initErrors`. */
  readonly reasons: readonly string[];
}

/** The engine shows the reasons, and this nowhere: a short one leaves room for the state. */
export const PARTIAL_FAILURE = "the resource is not as declared";

/**
 * A failure of which the engine keeps the state: a google.rpc.Status, in its details an Any, in that an
 * ErrorResourceInitFailed. With any other nesting the engine sees a plain error, and forgets the resource
 * (recording 035).
 */
export function partialFailure({ id, properties, reasons }: PartialFailure): RpcFailure {
  const failed = new ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(toStruct(properties));
  failed.setReasonsList([...reasons]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(PARTIAL_FAILURE);
  status.setDetailsList([detail]);
  return new RpcFailure(PARTIAL_FAILURE, grpc.status.UNKNOWN, status);
}
