import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import { fillMessage } from "../engine/messageFields";
import type { PropertyMap } from "../engine/properties";
import { ProviderError } from "../engine/providerError";
import { Empty } from "../engine/sdkProtobuf";

/** A line that the plugin had the engine show. */
export interface Said {
  readonly severity: string;
  readonly message: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}

const SEVERITIES = ["DEBUG", "INFO", "WARNING", "ERROR"];

/** The engine's side of the conversation: it calls, and hears what is logged. */
export class EngineSide {
  readonly said: Said[] = [];
  readonly #server = new Server();
  #client: Client | undefined;
  address = "";

  /** Listens, as an engine does before it starts a plugin. */
  async listen(): Promise<string> {
    this.#server.addService(EngineService, {
      log: (call: { request: LogRequest }, answer: (error: null, value: Message) => void) => {
        const { request } = call;
        this.said.push({
          severity: SEVERITIES[request.getSeverity()] ?? "",
          message: request.getMessage(),
          urn: request.getUrn(),
          ephemeral: request.getEphemeral(),
        });
        answer(null, new Empty());
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.address = `127.0.0.1:${port}`;
    return this.address;
  }

  connect(port: number): void {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** @throws ProviderError with what the engine would make of the failure */
  async call(method: string, fields: PropertyMap = {}): Promise<Record<string, unknown>> {
    const client = this.#client;
    if (!client) throw new Error("not connected");
    const service: ServiceDefinition = ResourceProviderService;
    const call = service[method];
    if (!call) throw new Error(`the protocol has no call ${method}`);
    const request = fillMessage<Message>(call.requestDeserialize(Buffer.alloc(0)), fields);
    const response = await new Promise<Message>((resolve, reject) => {
      const done = (error: ServiceError | null, value?: Message) =>
        value ? resolve(value) : reject(error && new ProviderError(call.path, error));
      client.makeUnaryRequest(call.path, call.requestSerialize, call.responseDeserialize, request, done);
    });
    return readFields(response);
  }

  close(): void {
    this.#client?.close();
    this.#server.forceShutdown();
  }
}

/**
 * Every field of an answer, Structs and maps as plain objects; what is empty is left out, as in the
 * recordings.
 */
function readFields(message: Message): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(message))) {
    const [, getter] = /^get([A-Z]\w*)$/.exec(method) ?? [];
    if (getter === undefined) continue;
    const read: unknown = Reflect.get(message, method);
    const value = typeof read === "function" ? plain(Reflect.apply(read, message, [])) : undefined;
    const isEmpty = Array.isArray(value)
      ? value.length === 0
      : value === undefined || value === "" || value === false;
    if (isEmpty || value === 0) continue;
    fields[getter.replace(/(List|Map)$/, "").replace(/^./, (letter) => letter.toLowerCase())] = value;
  }
  return fields;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Object)) return value;
  const toJavaScript: unknown = Reflect.get(value, "toJavaScript");
  if (typeof toJavaScript === "function") return Reflect.apply(toJavaScript, value, []);
  const entries: unknown = Reflect.get(value, "toArray");
  if (typeof entries === "function" && "getEntryList" in value) return mapEntries(value);
  const toObject: unknown = Reflect.get(value, "toObject");
  return typeof toObject === "function" ? Reflect.apply(toObject, value, []) : value;
}

function mapEntries(map: object): Record<string, unknown> {
  const forEach: unknown = Reflect.get(map, "forEach");
  const entries: Record<string, unknown> = {};
  if (typeof forEach === "function") {
    Reflect.apply(forEach, map, [
      (value: unknown, key: string) => Object.assign(entries, { [key]: plain(value) }),
    ]);
  }
  return entries;
}
