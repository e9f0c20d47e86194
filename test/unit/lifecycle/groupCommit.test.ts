import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { GroupCommit } from "../../../provider/changes/groupCommit";
import type { Arrivals, Schedule } from "../../../provider/changes/whenQuiet";

interface Sent {
  readonly key: string;
  readonly items: readonly string[];
  /** Lets the batch return. */
  readonly answer: () => void;
}

/** A group commit whose waits and batches end when the test says so. */
function rig(batchSize = 100) {
  const sent: Sent[] = [];
  const waits: { readonly arrivals: Arrivals; readonly end: () => void }[] = [];
  const schedule: Schedule = (arrivals) =>
    new Promise<void>((resolve) => {
      waits.push({ arrivals, end: resolve });
    });
  const commit = new GroupCommit<string>({
    send: (key, items) => new Promise((answer) => sent.push({ key, items, answer })),
    batchSize,
    concurrency: 8,
    schedule,
  });
  return { commit, sent, waits };
}

describe("items with the same key share batches", () => {
  it("a partial batch is sent when the schedule says so, with all that has come by then", async () => {
    const { commit, sent, waits } = rig();
    commit.add("u1", ["a"]);
    await turn();
    commit.add("u1", ["b", "c"]);
    commit.add("u2", ["d"]);
    await turn();
    assert.equal(sent.length, 0);
    waits[0]?.end();
    await turn();
    assert.deepEqual(
      sent.map(({ key, items }) => [key, items]),
      [["u1", ["a", "b", "c"]]],
    );
  });

  it("a full batch does not wait, and what is left of it does", async () => {
    const { commit, sent } = rig(2);
    commit.add("u1", ["a", "b", "c"]);
    await turn();
    assert.deepEqual(
      sent.map(({ items }) => items),
      [["a", "b"]],
    );
  });

  it("what comes while a batch is under way waits for its return, and then for the schedule", async () => {
    const { commit, sent, waits } = rig();
    commit.add("u1", ["a"]);
    waits[0]?.end();
    await turn();
    commit.add("u1", ["b"]);
    await turn();
    assert.deepEqual([sent.length, waits.length], [1, 1]);
    sent[0]?.answer();
    await turn();
    assert.deepEqual([sent.length, waits.length], [1, 2]);
    waits[1]?.end();
    await turn();
    assert.deepEqual(sent[1]?.items, ["b"]);
  });

  it("tells the schedule how many callers there are, and how many there were", async () => {
    const { commit, sent, waits } = rig();
    commit.add("u1", ["a", "b"]);
    commit.add("u2", ["c"]);
    for (const { end } of waits) end();
    await turn();
    commit.add("u1", ["d"]);
    assert.equal(waits[0]?.arrivals.callers(), 3, "with those under way");
    for (const { answer } of sent) answer();
    await turn();
    assert.deepEqual([waits.at(-1)?.arrivals.callers(), waits.at(-1)?.arrivals.mostCallers], [1, 3]);
    commit.drain();
    assert.equal(waits.at(-1)?.arrivals.callers(), 0);
  });

  it("tells the schedule how often in a row nobody else came", async () => {
    const { commit, sent, waits } = rig();
    const alone = async (key: string, company: readonly string[] = []) => {
      commit.add(key, ["a"]);
      const wait = waits.at(-1);
      for (const other of company) commit.add(other, ["b"]);
      for (const { end } of waits) end();
      await turn();
      for (const { answer } of sent) answer();
      await turn();
      return wait?.arrivals.timesAlone;
    };
    assert.deepEqual([await alone("u1"), await alone("u1"), await alone("u1")], [0, 1, 2]);
    assert.equal(await alone("u2", ["u2"]), 3, "a new key is taken to be as alone as the others");
    assert.equal(await alone("u2"), 0);
    assert.equal(await alone("u1"), 3, "company with another key says nothing of this one");
  });

  it("groups take turns where all batches of a process are under way", async () => {
    const { commit, sent } = rig(1);
    commit.add(
      "u1",
      Array.from({ length: 20 }, () => "a"),
    );
    commit.add("u2", ["b", "b"]);
    await turn();
    assert.deepEqual(
      sent.map(({ key }) => key),
      ["u1", "u2", "u1", "u2", "u1", "u1", "u1", "u1"],
    );
  });

  it("takes back what has not been sent", async () => {
    const { commit, sent } = rig();
    commit.add("u1", ["a"]);
    commit.add("u2", ["b"]);
    assert.deepEqual(commit.drain(), ["a", "b"]);
    assert.equal(commit.idle, true);
    await turn();
    assert.equal(sent.length, 0);
  });
});
