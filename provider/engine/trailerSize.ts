/** What the SDK makes an HTTP/2 trailer of. */
export interface TrailerContents {
  readonly message: string;
  readonly id?: string;
  readonly reasons?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * Where node receives trailers, its HTTP/2 (nghttp2) bears 64 kB of them, and a caller would wait for ever
 * for more. The real engine is written in Go, whose gRPC takes 16 MiB: on pulumi 3.260, errors of a
 * dynamic provider with 6,000,000 bytes of properties arrived, and one with 13,000,000 (17 MiB in base64)
 * did not. This limit is the lower one, which holds wherever the provider may run. The rest is for the
 * headers that the server adds.
 */
export const LARGEST_TRAILER = 62_000;

/**
 * How many bytes of trailer an error takes: the message percent-encoded in `grpc-message`; where the error
 * has an id, in `grpc-status-details-bin` the message again, the reasons and the properties, as protobuf in
 * base64. Source: pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider/index.ts (grpcResponseFromError), and
 * @grpc/grpc-js.
 */
export function trailerSize({ message, id, reasons = [], properties = {} }: TrailerContents): number {
  const encoded = encodeURI(message).length;
  if (id === undefined) return encoded;
  const failure =
    field(utf8(id)) + field(structSize(properties)) + sum(reasons.map((text) => field(utf8(text))));
  const any = field(utf8(FAILURE_TYPE)) + field(failure);
  const status = field(utf8(message)) + field(any) + STATUS_CODE;
  return encoded + 4 * Math.ceil(status / 3);
}

const FAILURE_TYPE = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed";
const STATUS_CODE = 2;

/** google.protobuf.Struct: an entry of key and value for each property. */
function structSize(properties: object): number {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return sum(entries.map(([key, value]) => field(field(utf8(key)) + field(valueSize(value)))));
}

/** google.protobuf.Value */
function valueSize(value: unknown): number {
  if (typeof value === "string") return field(utf8(value));
  if (typeof value === "number") return 9;
  if (Array.isArray(value)) return field(sum(value.map((item) => field(valueSize(item)))));
  return typeof value === "object" && value !== null ? field(structSize(value)) : 2;
}

/** A field of protobuf: tag, length, content. */
function field(content: number): number {
  let length = 1;
  for (let rest = content; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return 1 + length + content;
}

function utf8(text: string): number {
  return Buffer.byteLength(text);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
