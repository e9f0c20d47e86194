import type {
  ServerErrorResponse,
  ServiceDefinition,
  ServiceError,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import { fillMessage } from "../engine/messageFields";
import type { PropertyMap } from "../engine/properties";
import { ProviderError } from "../engine/providerError";

/**
 * Calls a plugin without a socket: handlers and messages are those of the protocol. What the bytes are, other
 * tests say.
 * @throws ProviderError with what the engine would make of the failure
 */
export async function callHandler(
  handlers: UntypedServiceImplementation,
  method: string,
  fields: PropertyMap = {},
): Promise<Message> {
  const service: ServiceDefinition = ResourceProviderService;
  const [call, handler] = [service[method], handlers[method]];
  if (!call || !handler) throw new Error(`the protocol has no call ${method}`);
  const request = fillMessage<Message>(call.requestDeserialize(Buffer.alloc(0)), fields);
  return new Promise<Message>((resolve, reject) => {
    const answer = (error: Partial<ServerErrorResponse> | null, value?: Message) =>
      value ? resolve(value) : reject(new ProviderError(call.path, error as ServiceError));
    Reflect.apply(handler, undefined, [{ request }, answer]);
  });
}
