import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { TrailerContents } from "../../provider/engine/trailerSize";
import { Any, Struct } from "../engine/sdkProtobuf";

/** The bytes of trailer that the SDK's dynamic provider and gRPC make of an error. */
export function encodedTrailer({ message, id, reasons = [], properties = {} }: TrailerContents): number {
  const encoded = encodeURI(message).length;
  if (id === undefined) return encoded;
  const failure = new ErrorResourceInitFailed();
  failure.setId(id);
  failure.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(properties))));
  failure.setReasonsList([...reasons]);
  const any = new Any();
  any.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(2);
  status.setMessage(message);
  status.addDetails(any);
  return encoded + Buffer.from(status.serializeBinary()).toString("base64").length;
}
