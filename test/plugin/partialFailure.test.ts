import assert from "node:assert/strict";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { partialFailure } from "../../provider/plugin/rpcFailure";

/** `grpc-status-details-bin` of a failure of which the real engine kept the state (recording 035). */
const RECORDED =
  "CAISEzEgb2YgdGhlIGlkcyBmYWlsZWQaxQEKNXR5cGUuZ29vZ2xlYXBpcy5jb20vcHVsdW1pcnBjLkVycm9yUmVzb3VyY2VJbml0RmFpbGVkEosBCgVhc2ctMRJv" +
  "CiMKCGZhaWx1cmVzEhcyFQoTGhFsMTogNDA0IE5vdCBGb3VuZAoTCgNpZHMSDDIKCgMaAWEKAxoBYgoNCgRtb2RlEgUaA2FsbAoNCgVvd25lchIEGgJ1MQoVCgdv" +
  "d25lcklkEgoaCGlkLW9mLXUxGhFsMTogNDA0IE5vdCBGb3VuZA==";

function trailerOf(failure: ReturnType<typeof partialFailure>): Status {
  const [bytes] = failure.response.metadata?.get("grpc-status-details-bin") ?? [];
  assert.ok(Buffer.isBuffer(bytes));
  return Status.deserializeBinary(bytes);
}

describe("a partial failure of the plugin", () => {
  it("is nested as the one of which the real engine kept the state, byte for byte", () => {
    const recorded = Status.deserializeBinary(Buffer.from(RECORDED, "base64"));
    const [theirs] = recorded.getDetailsList();
    assert.ok(theirs);
    const failed = ErrorResourceInitFailed.deserializeBinary(theirs.getValue_asU8());
    const ours = trailerOf(
      partialFailure({
        id: failed.getId(),
        properties: { ...failed.getProperties()?.toJavaScript() },
        reasons: failed.getReasonsList(),
      }),
    );
    assert.deepEqual(ours.getDetailsList()[0]?.serializeBinary(), theirs.serializeBinary());
    assert.equal(ours.getCode(), recorded.getCode());
  });

  it("keeps id, outputs and reasons, and has a short message, which nobody sees", () => {
    const failure = partialFailure({
      id: "i",
      properties: { findingIds: ["a"], assignee: "é" },
      reasons: ["r"],
    });
    const [detail] = trailerOf(failure).getDetailsList();
    assert.equal(detail?.getTypeUrl(), "type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
    const failed = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    assert.equal(failed.getId(), "i");
    assert.deepEqual(failed.getProperties()?.toJavaScript(), { findingIds: ["a"], assignee: "é" });
    assert.deepEqual(failed.getReasonsList(), ["r"]);
    assert.equal(failure.response.details, trailerOf(failure).getMessage());
  });
});
