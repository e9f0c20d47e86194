import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { Change, ChangeOutcome, SendBatch } from "../../../provider/changes/changeOutcome";
import { ChangeQueue } from "../../../provider/changes/changeQueue";
import type { Clock } from "../../../provider/core/clock";
import type { ChangeGuard } from "../../../provider/datadog/model/findingsApi";
import fc from "../../support/fc";

/** Sleeps last one turn of the event loop. */
const instantClock: Clock = { now: () => 0, sleep: async () => void (await turn()) };

interface Sent {
  readonly assigneeId: string | null;
  readonly findingIds: readonly string[];
}

function recorder(outcomeOf: (id: string, call: number) => ChangeOutcome = () => done): {
  sent: Sent[];
  send: SendBatch;
} {
  const sent: Sent[] = [];
  return {
    sent,
    send: async (assigneeId, findingIds) => {
      const call = sent.push({ assigneeId, findingIds });
      await turn();
      await turn();
      return new Map(findingIds.map((id) => [id, outcomeOf(id, call)]));
    },
  };
}

const done: ChangeOutcome = { kind: "done", acceptedAt: 1, warnings: [] };

function queue(sendBatch: SendBatch, skip?: (change: Change) => boolean): ChangeQueue {
  return new ChangeQueue({
    sendBatch,
    clock: instantClock,
    maxRetries: 4,
    retryDelayMs: () => 0,
    ...(skip && { skip }),
  });
}

function changes(count: number, assigneeId: string | null, prefix = "f"): Change[] {
  return Array.from({ length: count }, (_, index) => ({ findingId: `${prefix}${index}`, assigneeId }));
}

describe("the queue for all changes of a process", () => {
  it("takes exactly 3 requests for 250 findings in one resource", async () => {
    const { sent, send } = recorder();
    await queue(send).submit(changes(250, "u1"));
    assert.deepEqual(
      sent.map((batch) => batch.findingIds.length),
      [100, 100, 50],
    );
  });

  it("fills batches across resources: 100 resources of 4 findings each take far fewer than 100 requests", async () => {
    const { sent, send } = recorder();
    const changeQueue = queue(send);
    let next = 0;
    const worker = async () => {
      while (next < 100) await changeQueue.submit(changes(4, "u1", `r${next++}-`));
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    assert.equal(new Set(sent.flatMap((batch) => batch.findingIds)).size, 400);
    assert.ok(sent.length <= 10, `${sent.length} requests`);
  });

  it("sends together what comes while others are under way", async () => {
    const { sent, send } = recorder();
    const changeQueue = queue(send);
    const first = changeQueue.submit(changes(1, "u1", "a"));
    while (sent.length === 0) await turn();
    const rest = Promise.all([
      changeQueue.submit(changes(2, "u1", "b")),
      changeQueue.submit(changes(3, "u1", "c")),
    ]);
    await Promise.all([first, rest]);
    assert.deepEqual(
      sent.map((batch) => batch.findingIds.length),
      [1, 5],
    );
  });

  it("does not send what a later change of the same finding has overtaken", async () => {
    const { sent, send } = recorder();
    const changeQueue = queue(send);
    const [released, assigned] = await Promise.all([
      changeQueue.submit([{ findingId: "a", assigneeId: null }]),
      changeQueue.submit([{ findingId: "a", assigneeId: "u2" }]),
    ]);
    assert.equal(released.get("a")?.kind, "superseded");
    assert.equal(assigned.get("a")?.kind, "done");
    assert.deepEqual(sent, [{ assigneeId: "u2", findingIds: ["a"] }]);
  });

  it("keeps the order of one finding's changes: the next waits for what is under way", async () => {
    const { sent, send } = recorder();
    const changeQueue = queue(send);
    const first = changeQueue.submit([{ findingId: "a", assigneeId: "u1" }]);
    while (sent.length === 0) await turn();
    const second = changeQueue.submit([{ findingId: "a", assigneeId: null }]);
    const third = changeQueue.submit([{ findingId: "a", assigneeId: "u2" }]);
    await turn();
    assert.equal(sent.length, 1);
    assert.equal((await second).get("a")?.kind, "superseded");
    await Promise.all([first, third]);
    assert.deepEqual(
      sent.map((batch) => batch.assigneeId),
      ["u1", "u2"],
    );
  });

  it("ends with the owner that was asked for last, for any sequence of changes", async () => {
    const step = fc.record({
      findingId: fc.constantFrom("a", "b", "c"),
      assigneeId: fc.constantFrom("u1", "u2", null),
      turns: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const owners = new Map<string, string | null>();
        const changeQueue = queue(async (assigneeId, findingIds) => {
          await turn();
          for (const id of findingIds) owners.set(id, assigneeId);
          await turn();
          return new Map(findingIds.map((id) => [id, done]));
        });
        const submitted: Promise<unknown>[] = [];
        for (const { turns, ...change } of steps) {
          submitted.push(changeQueue.submit([change]));
          for (let passed = 0; passed < turns; passed++) await turn();
        }
        await Promise.all(submitted);
        const wanted = new Map(steps.map(({ findingId, assigneeId }) => [findingId, assigneeId]));
        assert.deepEqual(new Map([...owners].sort()), new Map([...wanted].sort()));
        assert.equal(changeQueue.idle, true);
      }),
      { numRuns: 200 },
    );
  });

  it("tries a finding that fails with 429 or 5xx inside a batch again in a later batch, and never one with another 4xx", async () => {
    const failed = (findingId: string, status: number): ChangeOutcome => ({
      kind: "failed",
      ambiguous: false,
      problem: { findingId, status, title: "", detail: "" },
    });
    const { sent, send } = recorder((id, call) => {
      if (id === "f0") return failed(id, 400);
      return id === "f1" && call < 3 ? failed(id, call === 1 ? 429 : 503) : done;
    });
    const outcomes = await queue(send).submit(changes(3, "u1"));
    assert.deepEqual(
      sent.map((batch) => batch.findingIds),
      [["f0", "f1", "f2"], ["f1"], ["f1"]],
    );
    assert.deepEqual([...outcomes.values()].map((outcome) => outcome.kind).sort(), [
      "done",
      "done",
      "failed",
    ]);
  });

  it("takes for unknown, and never for done, what nobody reported", async () => {
    const send: SendBatch = async (_, [first = ""]) => new Map([[first, done]]);
    const outcomes = await queue(send).submit(changes(3, "ada"));
    assert.deepEqual(
      [...outcomes.values()].map((outcome) => [outcome.kind, outcome.kind === "failed" && outcome.ambiguous]),
      [
        ["done", false],
        ["failed", true],
        ["failed", true],
      ],
    );
  });

  it("gives up on a finding that keeps failing after 4 further tries", async () => {
    const { sent, send } = recorder((findingId) => ({
      kind: "failed",
      ambiguous: false,
      problem: { findingId, status: 500, title: "", detail: "" },
    }));
    const outcomes = await queue(send).submit(changes(1, "u1"));
    assert.equal(sent.length, 5);
    assert.equal(outcomes.get("f0")?.kind, "failed");
  });

  it("asks just before sending whether a finding is still to be changed", async () => {
    const { sent, send } = recorder();
    const outcomes = await queue(send, ({ findingId }) => findingId === "f1").submit(changes(3, null));
    assert.deepEqual(sent, [{ assigneeId: null, findingIds: ["f0", "f2"] }]);
    assert.equal(outcomes.get("f1")?.kind, "superseded");
  });

  it("never lets a change that is not wanted push aside one that is", async () => {
    const { sent, send } = recorder();
    const changeQueue = queue(send, ({ assigneeId }) => assigneeId === null);
    const [assigned, released] = await Promise.all([
      changeQueue.submit([{ findingId: "a", assigneeId: "u1" }]),
      changeQueue.submit([{ findingId: "a", assigneeId: null }]),
    ]);
    assert.equal(assigned.get("a")?.kind, "done");
    assert.equal(released.get("a")?.kind, "superseded");
    assert.deepEqual(sent, [{ assigneeId: "u1", findingIds: ["a"] }]);
  });

  it("stops sending new batches at once when it is cancelled, and reports what is done", async () => {
    const { sent, send } = recorder();
    const changeQueue = new ChangeQueue({
      sendBatch: send,
      clock: instantClock,
      retryDelayMs: () => 0,
      concurrency: 2,
    });
    const submitted = changeQueue.submit(changes(1_000, "u1"));
    await turn();
    changeQueue.cancel("the deployment was cancelled");
    const outcomes = [...(await submitted).values()];
    assert.equal(sent.length, 2);
    assert.equal(outcomes.filter((outcome) => outcome.kind === "done").length, 200);
    assert.equal(outcomes.filter((outcome) => outcome.kind === "failed").length, 800);
    const later = await changeQueue.submit(changes(1, "u2", "x"));
    assert.equal(later.get("x0")?.kind, "failed");
    assert.equal(sent.length, 2);
  });

  describe("with a guard", () => {
    /** Asks the guard before it sends, as the client does after it has waited. */
    function guardedQueue() {
      const { sent, send } = recorder();
      const sendBatch: SendBatch = async (assigneeId, findingIds, guard) => {
        const held = (await guard?.(findingIds)) ?? new Set();
        const due = findingIds.filter((id) => !held.has(id));
        const outcomes = due.length > 0 ? await send(assigneeId, due) : new Map<string, ChangeOutcome>();
        return new Map(findingIds.map((id) => [id, outcomes.get(id) ?? { kind: "leftAlone" }]));
      };
      return { sent, changeQueue: queue(sendBatch) };
    }
    const guarded = (count: number, guard: ChangeGuard, prefix = "f") =>
      changes(count, "u1", prefix).map((change) => ({ ...change, guard }));

    it("asks each guard of a batch for its own findings, and none for the others", async () => {
      const { sent, changeQueue } = guardedQueue();
      const asked: string[] = [];
      const guard =
        (name: string): ChangeGuard =>
        async (ids) => {
          asked.push(`${name}: ${ids.join()}`);
          return new Set([ids[0] ?? ""]);
        };
      const reports = await Promise.all([
        changeQueue.submit(guarded(2, guard("one"), "a")),
        changeQueue.submit(guarded(3, guard("two"), "b")),
        changeQueue.submit(changes(2, "u1", "c")),
      ]);
      assert.deepEqual(asked, ["one: a0,a1", "two: b0,b1,b2"]);
      assert.deepEqual(sent, [{ assigneeId: "u1", findingIds: ["a1", "b1", "b2", "c0", "c1"] }]);
      const held = reports.flatMap((report) => [...report].filter(([, { kind }]) => kind === "leftAlone"));
      assert.deepEqual(
        held.map(([id]) => id),
        ["a0", "b0"],
      );
    });

    for (const when of ["before", "while"]) {
      it(`sends what somebody else asks for without a guard ${when} it is asked`, async () => {
        const { sent, changeQueue } = guardedQueue();
        let plain: Promise<unknown> = Promise.resolve();
        const askPlainly = () => {
          plain = changeQueue.submit([{ findingId: "f0", assigneeId: "u1" }]);
        };
        const submitted = changeQueue.submit(
          guarded(2, async (ids) => {
            if (when === "while") askPlainly();
            await turn();
            return new Set(ids);
          }),
        );
        if (when === "before") askPlainly();
        const outcomes = await submitted;
        await plain;
        assert.deepEqual([outcomes.get("f0")?.kind, outcomes.get("f1")?.kind], ["done", "leftAlone"]);
        assert.deepEqual(sent, [{ assigneeId: "u1", findingIds: ["f0"] }]);
      });
    }
  });
});
