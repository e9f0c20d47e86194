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

  it("tells what has moved on since a state was written: accepted for another owner, or sent without an answer", () => {
    const records: AckRecord[] = [];
    const log = new AckLog(memoryStore(records));
    log.record("ada", ["kept", "released", "old"], 5);
    log.record(null, ["released"], 9);
    log.record(null, ["old"], 6);
    log.doubt(null, ["lost", "never seen"], 9);
    for (const seen of [log, new AckLog(memoryStore(records))]) {
      const moved = ["kept", "released", "old", "lost", "never seen", "unknown"].filter((id) =>
        seen.hasMovedOn(id, "ada", 7),
      );
      assert.deepEqual(moved, ["released", "lost", "never seen"]);
    }
    log.record("ada", ["released", "lost"], 10);
    for (const id of ["released", "lost"]) assert.equal(log.hasMovedOn(id, "ada", 7), false);
  });

  it("does not tell what somebody else has changed as our own doing", () => {
    const log = new AckLog(memoryStore());
    log.record("ada", ["f1"], 5);
    log.overtake("grace", ["f1"], 9);
    assert.equal(log.last("f1"), undefined);
    assert.equal(log.hasMovedOn("f1", "ada", 5), false);
  });

  it("gives way to a later release that a state tells of, and not to one of the same second", () => {
    const log = new AckLog(memoryStore());
    log.record("ada", ["f1", "f2"], 5);
    log.learnReleased(["f1", "f3"], 9);
    log.learnReleased(["f2"], 5);
    assert.equal(log.last("f1"), undefined);
    assert.equal(log.last("f2")?.assigneeId, "ada");
    assert.equal(log.hasMovedOn("f1", "ada", 5), true);
    assert.equal(log.hasMovedOn("f3", "ada", 9), false);
  });

  it("stands where the same owner is sent again, and writes nothing then", () => {
    const records: AckRecord[] = [];
    const log = new AckLog(memoryStore(records));
    log.record("ada", ["f1"], 5);
    log.doubt("ada", ["f1", "unknown"], 6);
    assert.equal(log.last("f1")?.acceptedAt, 5);
    assert.equal(records.length, 1);
  });

  it("tells what a user was given since, and has not been given on; and whether it knows of an acceptance at all", () => {
    const records: AckRecord[] = [];
    const log = new AckLog(memoryStore(records));
    log.record("ada", ["old"], 4);
    log.record("ada", ["f1", "f2", "f3"], 5);
    log.record(null, ["f1"], 6);
    log.doubt("ben", ["f2"], 7);
    for (const each of [log, new AckLog(memoryStore(records))]) {
      assert.deepEqual(each.givenSince("ada", 5), ["f3"]);
      assert.deepEqual(
        [4, 5, 6, 7].filter((time) => each.knows(time)),
        [4, 5, 6],
      );
    }
  });
});
