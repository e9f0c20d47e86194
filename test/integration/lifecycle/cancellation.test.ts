import assert from "node:assert/strict";
import { assertOwners, outputsOf, type Program, play, requestsOf, upCleanly } from "../../support/play";

describe("a cancelled deployment", () => {
  it("stops sending new batches at once, saves what is done, and goes on there the next time", async () => {
    await play({ findings: 5_000, latencyMs: 200 }, async (s, assignee) => {
      const program: Program = { a: { findingIds: s.ids, assignee } };
      let seen = 0;
      let sentAtCancel = 0;
      s.emulator.onRequest = ({ phase }) => {
        if (phase !== "after" || ++seen !== 10) return;
        sentAtCancel = s.emulator.requests.count();
        s.stack.cancel();
      };
      const { errors } = await s.stack.up(program);
      s.emulator.onRequest = undefined;
      assert.equal(s.emulator.requests.count(), sentAtCancel, "nothing new was sent");
      const message = errors.get("a")?.message ?? "";
      assert.match(message, /the deployment was cancelled/);
      const done = [...s.emulator.owners()].filter(([, owner]) => owner === assignee).map(([id]) => id);
      assert.deepEqual(
        outputsOf(s, "a").findingIds,
        done.sort(),
        "what is under way comes to its end and is saved",
      );
      assert.ok(done.length >= 1_000 && done.length < 5_000);
      const left = Math.ceil((5_000 - done.length) / 100);
      assert.equal(await requestsOf(s, () => upCleanly(s, program)), left);
      assertOwners(s, s.ids, assignee);
    });
  });

  it("leaves nothing behind that it does not know of where an answer was lost before", async () => {
    await play({ findings: 50, latencyMs: 200 }, async (s, assignee) => {
      s.emulator.faults.push({ kind: "applied-but-answer-lost" });
      s.emulator.onRequest = ({ phase }) => {
        if (phase === "after") s.stack.cancel();
      };
      await s.stack.up({ a: { findingIds: s.ids, assignee } });
      s.emulator.onRequest = undefined;
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });

  it("counts in its progress only what Datadog has accepted, and sends again what got no answer within 10 s", async () => {
    await play({ findings: 2_000, latencyMs: 200 }, async (s, assignee) => {
      const program: Program = { a: { findingIds: s.ids, assignee } };
      let answered = 0;
      s.emulator.faults.random = ({ family }) =>
        family === "assignee" && ++answered > 3 ? { kind: "hang" } : undefined;
      const deployed = s.stack.up(program);
      await s.clock.sleep(15_000);
      const cancelledAt = s.clock.now();
      s.stack.cancel();
      const { errors } = await deployed;
      s.emulator.faults.random = undefined;
      assert.equal(s.clock.now() - cancelledAt, 10_000);
      const told = s.stack.printed.filter((line) => / of .* findings assigned/.test(line));
      assert.ok(told.length > 0);
      for (const line of told) assert.match(line, /^a: 300 of 2,000 findings assigned/);
      assert.match(errors.get("a")?.message ?? "", /not known/);
      assert.equal(await requestsOf(s, () => upCleanly(s, program)), 17);
      assertOwners(s, s.ids, assignee);
    });
  });

  it("does not wait for findings that are to be sent again", async () => {
    await play({ findings: 100, latencyMs: 200 }, async (s, assignee) => {
      for (const id of s.ids) s.emulator.failFinding(id, { status: 500 });
      const deployed = s.stack.up({ a: { findingIds: s.ids, assignee } });
      await s.clock.sleep(12_000);
      const cancelledAt = s.clock.now();
      const sent = s.emulator.requests.count();
      s.stack.cancel();
      const { errors } = await deployed;
      assert.ok(s.clock.now() - cancelledAt <= 200, `${s.clock.now() - cancelledAt} ms`);
      assert.equal(s.emulator.requests.count(), sent);
      assert.match(errors.get("a")?.message ?? "", /^100 of 100 findings could not be assigned/);
    });
  });

  it("does not wait for the rate limit", async () => {
    const rateLimits = { assignee: { limit: 2, periodSeconds: 300 } };
    await play({ findings: 1_000, latencyMs: 200, rateLimits }, async (s, assignee) => {
      const startedAt = s.clock.now();
      const deployed = s.stack.up({ a: { findingIds: s.ids, assignee } });
      await s.clock.sleep(5_000);
      s.stack.cancel();
      await deployed;
      assert.ok(s.clock.now() - startedAt < 10_000);
      const { findingIds } = outputsOf(s, "a");
      assert.ok(Array.isArray(findingIds));
      assert.equal(findingIds.length, 200);
    });
  });

  it("ends at once where many resources are still to be looked at, one after the other", async () => {
    await play({ findings: 50, latencyMs: 200, parallel: 1 }, async (s, assignee) => {
      const program: Program = Object.fromEntries(
        s.ids.map((id, index) => [`r${index}`, { findingIds: [id], assignee }]),
      );
      await upCleanly(s, program);
      let cancelledAt = 0;
      s.emulator.onRequest = ({ phase }) => {
        if (phase !== "after" || cancelledAt > 0) return;
        cancelledAt = s.clock.now();
        s.stack.cancel();
      };
      await s.stack.refresh();
      assert.ok(cancelledAt > 0 && s.clock.now() - cancelledAt < 1_000, `${s.clock.now() - cancelledAt} ms`);
    });
  });
});
