import { createRequire } from "node:module";

/*
 * gRPC and protobuf as the SDK itself has them. A message goes only into a message of the very copy of
 * protobuf that generated it, and npm may install another one beside it; a strict installation (pnpm) shows a
 * package nothing but its own dependencies. Both belong to @pulumi/pulumi, which is a peer of this package,
 * so both are found from there.
 */
const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc: typeof import("@grpc/grpc-js") = requireFromSdk("@grpc/grpc-js");

export const { Any }: typeof import("google-protobuf/google/protobuf/any_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/any_pb",
);
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/empty_pb",
);
export const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = requireFromSdk(
  "google-protobuf/google/protobuf/struct_pb",
);
