import { type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type Answer, readAnswer } from "./messageFields";

/** A call of the provider that failed. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  /** The provider went away in mid-call: nobody knows whether the change was made. */
  readonly lost: boolean;
  /** What the provider reports of a resource that exists, but is not as it should be. */
  readonly initFailure: Answer | undefined;
  /** The error as the real engine's recordings spell it. */
  readonly rpc: string;

  constructor(path: string, error: ServiceError) {
    const method = path.split("/").at(-1);
    const lost = error.code === status.UNAVAILABLE;
    super(lost ? `the provider process went away during ${method} (${error.details})` : error.details);
    this.lost = lost;
    const code = (status[error.code] ?? "").toLowerCase().replace(/^./, (letter) => letter.toUpperCase());
    this.rpc = `rpc error: code = ${code} desc = ${error.details}`;
    this.initFailure = readInitFailure(error);
    const { reasons = [] } = this.initFailure ?? {};
    if (reasons.length > 0)
      this.message = `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`;
  }
}

function readInitFailure(error: ServiceError): Answer | undefined {
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = Buffer.isBuffer(packed) ? Status.deserializeBinary(packed).getDetailsList() : [];
  const detail = details.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
  return detail && readAnswer(ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8()));
}
