import assert from "node:assert/strict";
import type { RateLimitOptions } from "../../emulator";
import {
  assertOwners,
  outputsOf,
  type Program,
  play,
  printed,
  requestsOf,
  upCleanly,
} from "../../support/play";
import type { Scenario } from "../../support/scenario";

const FINDINGS = 5_000;

/**
 * Milliseconds that the requests need, when each window takes `limit` of them and the last one need not end.
 */
function leastMs(requests: number, { limit, periodSeconds }: RateLimitOptions): number {
  return (Math.ceil(requests / limit) - 1) * periodSeconds * 1_000;
}

function refusedAfter(s: Scenario, time: number): number {
  return s.emulator.requests.filter({ outcome: 429 }).filter((request) => request.at >= time).length;
}

async function timeOf(s: Scenario, deployment: () => Promise<unknown>): Promise<number> {
  const startedAt = s.clock.now();
  await deployment();
  return s.clock.now() - startedAt;
}

describe("the rate limit", () => {
  for (const periodSeconds of [10, 300]) {
    const limit = { limit: 10, periodSeconds };

    for (const latencyMs of [200, 1_000]) {
      it(`of 10 requests per ${periodSeconds} s lets 5,000 findings pass without a 429, within 110 % of the least time, with answers in ${latencyMs} ms`, async () => {
        await play(
          { findings: FINDINGS, latencyMs, rateLimits: { assignee: limit } },
          async (s, assignee) => {
            const startedAt = s.clock.now();
            const ms = await timeOf(s, () => upCleanly(s, { a: { findingIds: s.ids, assignee } }));
            assertOwners(s, s.ids, assignee);
            assert.equal(s.emulator.requests.count("assignee"), 50);
            assert.equal(refusedAfter(s, startedAt), 0);
            assert.ok(ms <= 1.1 * leastMs(50, limit), `${ms} ms, ${leastMs(50, limit)} would do`);
          },
        );
      });
    }

    it(`of 10 requests per ${periodSeconds} s, nearly used up by others, refuses none after the first window`, async () => {
      await play(
        { findings: FINDINGS, latencyMs: 200, rateLimits: { assignee: limit } },
        async (s, assignee) => {
          s.emulator.consume("assignee", 9);
          const startedAt = s.clock.now();
          const ms = await timeOf(s, () => upCleanly(s, { a: { findingIds: s.ids, assignee } }));
          assertOwners(s, s.ids, assignee);
          assert.equal(refusedAfter(s, startedAt + periodSeconds * 1_000), 0);
          const least = leastMs(59, limit);
          assert.ok(ms <= 1.1 * least, `${ms} ms, ${least} would do`);
        },
      );
    });
  }

  it("without headers is kept by backing off, and everything is assigned in the end", async () => {
    const limit = { limit: 5, periodSeconds: 10, headers: false };
    await play({ findings: 1_000, latencyMs: 200, rateLimits: { assignee: limit } }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assertOwners(s, s.ids, assignee);
      assert.ok(s.emulator.requests.count("assignee") <= 30, "no herd");
    });
  });

  it("shared with others in every window holds back without being hit in most of them", async () => {
    const limit = { limit: 10, periodSeconds: 10, others: (index: number) => (index * 3) % 10 };
    await play({ findings: 3_000, latencyMs: 200, rateLimits: { assignee: limit } }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assertOwners(s, s.ids, assignee);
      assert.ok(s.emulator.requests.count({ outcome: 429 }) <= 3);
    });
  });
});

describe("storms", () => {
  it("of 429 let everything pass in the end, each batch sent once more at most", async () => {
    await play({ findings: 1_000, latencyMs: 200 }, async (s, assignee) => {
      s.emulator.faults.push({ kind: "status", status: 429, headers: { "retry-after": "5" }, times: 40 });
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assertOwners(s, s.ids, assignee);
      assert.equal(s.emulator.requests.count({ outcome: 202 }), 10);
      assert.equal(s.emulator.requests.count("assignee"), 50);
    });
  });

  it("of 429 without an end cost a few requests and lines, and the settings say how many", async () => {
    const config = { "datadog:httpClientRetryMaxRetries": "1", "datadog:httpClientRetryTimeout": "10" };
    await play({ findings: 1_000, latencyMs: 200, config }, async (s, assignee) => {
      s.emulator.faults.push({ kind: "status", status: 429, times: Number.POSITIVE_INFINITY });
      const program = { a: { findingIds: s.ids, assignee } };
      const ms = await timeOf(s, async () => {
        const { errors } = await s.stack.up(program);
        const { message = "" } = errors.get("a") ?? {};
        assert.match(message, /^1,000 of 1,000 findings could not be assigned to .*; nothing was changed/);
        assert.match(message, /429: Too Many Requests: 1,000 findings/);
      });
      assert.equal(s.emulator.requests.count(), 2);
      assert.ok(ms < 10_000, `${ms} ms`);
      assert.ok(s.stack.printed.length <= 1, printed(s));
      s.emulator.faults.clear();
      await s.clock.sleep(60_000);
      await upCleanly(s, program);
      assertOwners(s, s.ids, assignee);
    });
  });

  it("of any kind end without sending anything twice where retries are disabled", async () => {
    const config = { "datadog:httpClientRetryEnabled": "false" };
    for (const status of [429, 408, 503]) {
      await play({ findings: 1_000, latencyMs: 200, config }, async (s, assignee) => {
        s.emulator.faults.push({ kind: "status", status, headers: { "retry-after": "30" }, times: 3 });
        for (const id of s.ids.slice(0, 10)) s.emulator.failFinding(id, { status: 500, times: 1 });
        const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
        assert.equal(errors.size, 1);
        assert.equal(s.emulator.requests.count("assignee"), 10, String(status));
      });
    }
  });

  it("of 202 that fail every finding are no success: they are tried again, and told when they do not end", async () => {
    await play({ findings: 100, latencyMs: 200 }, async (s, assignee) => {
      for (const id of s.ids) s.emulator.failFinding(id, { status: 500, times: 2 });
      const program = { a: { findingIds: s.ids, assignee } };
      await upCleanly(s, program);
      assertOwners(s, s.ids, assignee);
    });
    await play({ findings: 100, latencyMs: 200 }, async (s, assignee) => {
      for (const id of s.ids) s.emulator.failFinding(id, { status: 500 });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      assert.match(
        errors.get("a")?.message ?? "",
        /^100 of 100 findings could not be assigned to .*; nothing was changed/,
      );
    });
  });

  it("that outlast the retries leave what succeeded saved, the rest as failures, and the next up continues there", async () => {
    const config = { "datadog:httpClientRetryMaxRetries": "2" };
    await play({ findings: 1_000, latencyMs: 200, config }, async (s, assignee) => {
      const program: Program = { a: { findingIds: s.ids, assignee } };
      s.emulator.faults.push({
        kind: "status",
        status: 503,
        match: { nth: 6 },
        times: Number.POSITIVE_INFINITY,
      });
      const { errors } = await s.stack.up(program);
      assert.match(errors.get("a")?.message ?? "", /^500 of 1,000 findings could not be assigned to/);
      const { findingIds, failures } = outputsOf(s, "a");
      assert.ok(Array.isArray(findingIds) && Array.isArray(failures));
      assert.deepEqual([findingIds.length, failures.length], [500, 500]);
      s.emulator.faults.clear();
      assert.equal(await requestsOf(s, () => upCleanly(s, program)), 5);
      assertOwners(s, s.ids, assignee);
    });
  });
});
