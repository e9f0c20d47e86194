import assert from "node:assert/strict";
import { describeProgress, duration, type Work } from "../../../provider/messages/describeProgress";

function work(changes: Partial<Work> = {}): Work {
  return {
    verb: "assigned",
    unit: "finding",
    labels: new Set(["a"]),
    running: 1,
    done: 4_200,
    total: 10_000,
    ...changes,
  };
}

const nothing = { rateLimitMs: 0 };

describe("a line of progress", () => {
  it("names the resource, or how many there are", () => {
    assert.equal(describeProgress([work()], nothing), "a: 4,200 of 10,000 findings assigned");
    const three = work({ labels: new Set(["a", "b", "c"]) });
    assert.equal(describeProgress([three], nothing), "3 resources: 4,200 of 10,000 findings assigned");
  });

  it("says of each kind of work that is under way how far it is", () => {
    const lookUp = work({ verb: "looked up", labels: new Set(["b"]), done: 1, total: 2 });
    const over = work({ verb: "unassigned", running: 0 });
    assert.equal(
      describeProgress([work(), lookUp, over], nothing),
      "2 resources: 4,200 of 10,000 findings assigned, 1 of 2 findings looked up",
    );
  });

  it("counts owners who are looked up as no resource", () => {
    const owners = work({ unit: "user", verb: "looked up", labels: new Set(["owners"]), done: 0, total: 1 });
    assert.equal(describeProgress([owners], nothing), "owners: 0 of 1 user looked up");
    assert.equal(
      describeProgress([owners, work()], nothing),
      "a: 0 of 1 user looked up, 4,200 of 10,000 findings assigned",
    );
  });

  it("says nothing of what has read nothing yet, but what holds it up", () => {
    const reading = work({ verb: "read", done: 0, total: 0 });
    assert.equal(describeProgress([reading], nothing), undefined);
    assert.equal(describeProgress([reading], { rateLimitMs: 2_000 }), "a: waiting 2 s for the rate limit");
    assert.equal(describeProgress([reading, work()], nothing), "a: 4,200 of 10,000 findings assigned");
    assert.equal(describeProgress([{ ...reading, done: 3 }], nothing), "a: 3 findings read");
  });

  it("says what holds it up", () => {
    const line = (pause: Parameters<typeof describeProgress>[1]) =>
      describeProgress([work({ done: 0, total: 5 })], pause)?.replace("a: 0 of 5 findings assigned", "");
    assert.equal(line({ rateLimitMs: 11_500 }), ", waiting 12 s for the rate limit");
    assert.equal(line({ rateLimitMs: 400 }), "");
    const retry = { reason: "503", ms: 3_200 };
    assert.equal(line({ rateLimitMs: 0, retry }), ", retrying after 503 in 4 s");
    assert.equal(line({ rateLimitMs: 0, retry: { ...retry, ms: -5_000 } }), ", retrying after 503");
    assert.equal(line({ rateLimitMs: 20_000, retry }), ", waiting 20 s for the rate limit");
  });
});

describe("a duration", () => {
  for (const [seconds, text] of [
    [0.2, "1 s"],
    [12, "12 s"],
    [119, "119 s"],
    [120, "2 min"],
    [290, "4 min 50 s"],
    [3_599, "59 min 59 s"],
    [3_600, "1 h"],
    [86_399, "23 h 59 min"],
    [86_400, "24 h"],
  ] as const) {
    it(`of ${seconds} s reads "${text}"`, () => assert.equal(duration(seconds * 1_000), text));
  }
});
