import assert from "node:assert/strict";
import { AckLog } from "../../../provider/lifecycle/ackLog";
import type { AckRecord, AckStore } from "../../../provider/lifecycle/ackStore";

function memoryStore(records: AckRecord[] = []): AckStore {
  return { load: () => [...records], append: (record) => records.push(record) };
}

describe("the record of what Datadog has accepted", () => {
  it("is found by the next process, as an earlier one's", () => {
    const records: AckRecord[] = [];
    new AckLog(memoryStore(records)).record("ada", ["f1"], 5);
    assert.deepEqual(new AckLog(memoryStore(records)).last("f1"), {
      assigneeId: "ada",
      acceptedAt: 5,
      earlier: true,
    });
  });

  it("is void as soon as another owner is sent, for later processes, too", () => {
    const records: AckRecord[] = [];
    const log = new AckLog(memoryStore(records));
    log.record("ada", ["f1", "f2"], 5);
    log.doubt(null, ["f1"], 6);
    assert.equal(log.last("f1"), undefined);
    assert.equal(log.last("f2")?.assigneeId, "ada");
    const later = new AckLog(memoryStore(records));
    assert.equal(later.last("f1"), undefined);
    assert.equal(later.last("f2")?.assigneeId, "ada");
  });

  it("stands where the same owner is sent again, and writes nothing then", () => {
    const records: AckRecord[] = [];
    const log = new AckLog(memoryStore(records));
    log.record("ada", ["f1"], 5);
    log.doubt("ada", ["f1", "unknown"], 6);
    assert.equal(log.last("f1")?.acceptedAt, 5);
    assert.equal(records.length, 1);
  });
});
