import { createRequire } from "node:module";

/**
 * The protobuf runtime that the SDK itself uses: gRPC takes a message only from the very copy of the runtime
 * that its service was generated for, and npm may install another one beside it.
 */
const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/empty_pb",
);
export const { Any }: typeof import("google-protobuf/google/protobuf/any_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/any_pb",
);
export const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/struct_pb",
);
