import assert from "node:assert/strict";
import { assign, search } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const findings = seedFindings({ count: 3 });
const ids = findings.map(({ id }) => id);

function limits(headers: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const names = ["limit", "period", "remaining", "reset", "name"];
  return Object.fromEntries(names.map((name) => [name, headers[`x-ratelimit-${name}`]]));
}

describe("emulator: rate limits", () => {
  it("says limit, period, rest, reset and name with every answer, and 429 when the window is used up", async () => {
    const clock = new SimulatedClock();
    const assignee = { limit: 2, periodSeconds: 10, name: "security_findings" };
    const emulator = new Emulator({ clock, findings, rateLimits: { assignee } });
    const expected = { limit: "2", period: "10", name: "security_findings" };
    assert.deepEqual(limits((await assign(emulator, ids, null)).headers), {
      ...expected,
      remaining: "1",
      reset: "10",
    });
    await clock.advance(2_500);
    const bad = await assign(emulator, [], null);
    assert.deepEqual([bad.status, limits(bad.headers)], [400, { ...expected, remaining: "0", reset: "8" }]);
    const refused = await assign(emulator, ids, null);
    assert.deepEqual(refused.body, {
      errors: ["Rate limit of 2 requests in 10 seconds reached. Please try again later."],
    });
    assert.equal(refused.headers["content-type"], "application/json");
    assert.deepEqual(
      [refused.status, limits(refused.headers)],
      [429, { ...expected, remaining: "0", reset: "8" }],
    );
    assert.equal(refused.headers["retry-after"], undefined);
    await clock.advance(7_499);
    assert.equal((await assign(emulator, ids, null)).status, 429);
    await clock.advance(1);
    assert.equal((await assign(emulator, ids, null)).status, 202);
    assert.equal(emulator.requests.count({ family: "assignee", outcome: 429 }), 2);
  });

  it("counts each family for itself", async () => {
    const emulator = new Emulator({ findings, rateLimits: { assignee: { limit: 1, periodSeconds: 10 } } });
    await assign(emulator, ids, null);
    const found = await search(emulator, "");
    assert.deepEqual([found.status, found.headers["x-ratelimit-limit"]], [200, undefined]);
  });

  it("is shared with other callers of the organisation", async () => {
    const clock = new SimulatedClock();
    const others = (window: number) => (window === 1 ? 2 : 0);
    const emulator = new Emulator({
      clock,
      findings,
      rateLimits: { search: { limit: 3, periodSeconds: 60, others } },
    });
    emulator.consume("search", 1);
    assert.equal((await search(emulator, "")).headers["x-ratelimit-remaining"], "1");
    emulator.consume("search", 10);
    assert.equal((await search(emulator, "")).status, 429);
    await clock.advance(60_000);
    assert.equal((await search(emulator, "")).headers["x-ratelimit-remaining"], "0");
  });

  it("sends Retry-After, or no headers at all, where it is told so", async () => {
    const emulator = new Emulator({ findings });
    emulator.setRateLimit("search", { limit: 0, periodSeconds: 30, headers: false, retryAfter: true });
    const { status, headers } = await search(emulator, "");
    assert.equal(status, 429);
    assert.deepEqual(Object.keys(headers).sort(), ["content-type", "date", "retry-after"]);
    assert.equal(headers["retry-after"], "30");
  });
});
