import assert from "node:assert/strict";
import { assertOwners, play, upCleanly } from "../../support/play";

describe("findings that fail within an accepted batch", () => {
  for (const times of [1, 2]) {
    it(`${times} times, 100 of them, take ${times + 1} PATCHes: those that failed together are sent together`, async () => {
      await play({ findings: 100, latencyMs: 200 }, async (s, assignee) => {
        for (const id of s.ids) s.emulator.failFinding(id, { status: 500, times });
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        assertOwners(s, s.ids, assignee);
        assert.equal(s.emulator.requests.count("assignee"), times + 1);
      });
    });
  }

  it("a tenth of each of ten batches, take one PATCH more: those of all batches are sent together", async () => {
    await play({ findings: 1_000, latencyMs: 200, seed: 3 }, async (s, assignee) => {
      for (const id of s.ids.filter((_, index) => index % 10 === 0)) {
        s.emulator.failFinding(id, { status: 503, times: 1 });
      }
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assertOwners(s, s.ids, assignee);
      const patches = s.emulator.requests.count("assignee");
      assert.ok(patches <= 13, `${patches} PATCHes`);
    });
  });

  it("with 429 wait until the window is over, where Datadog says when", async () => {
    const rateLimits = { assignee: { limit: 100, periodSeconds: 60 } };
    await play({ findings: 10, rateLimits }, async (s, assignee) => {
      for (const id of s.ids) s.emulator.failFinding(id, { status: 429, times: 1 });
      const startedAt = s.clock.now();
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      const [, again] = s.emulator.requests.filter("assignee");
      assert.equal(s.emulator.requests.count("assignee"), 2);
      assert.ok(again && again.at >= startedAt + 60_000, `again after ${(again?.at ?? 0) - startedAt} ms`);
    });
  });

  it("four times in a row are still assigned, and not sent more often", async () => {
    await play({ findings: 10 }, async (s, assignee) => {
      for (const id of s.ids) s.emulator.failFinding(id, { status: 429, times: 4 });
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.equal(s.emulator.requests.count("assignee"), 5);
    });
  });

  for (const [name, config, most] of [
    ["are not sent again where retries are off", { "datadog:httpClientRetryEnabled": "false" }, 1],
    ["are sent again as often as a request is", { "datadog:httpClientRetryMaxRetries": "2" }, 3],
    ["are not sent again where there are no retries", { "datadog:httpClientRetryMaxRetries": "0" }, 1],
    ["are sent again no longer than a request is", { "datadog:httpClientRetryTimeout": "0" }, 1],
  ] as const) {
    it(name, async () => {
      await play({ findings: 10, config }, async (s, assignee) => {
        for (const id of s.ids) s.emulator.failFinding(id, { status: 500 });
        const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
        assert.match(errors.get("a")?.message ?? "", /^10 of 10 findings could not be assigned/);
        assert.equal(s.emulator.requests.count("assignee"), most);
      });
    });
  }
});
