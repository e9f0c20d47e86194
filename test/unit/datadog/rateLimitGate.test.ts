import assert from "node:assert/strict";
import type {
  EndpointFamily,
  HttpRequest,
  HttpResponse,
  Send,
} from "../../../provider/datadog/model/transport";
import { withRateLimit } from "../../../provider/datadog/rateLimit/rateLimitGate";
import type { RateLimitGateOptions, Waiting } from "../../../provider/datadog/rateLimit/rateLimitGateOptions";
import { Emulator, type EmulatorOptions, inProcessSend, SeededRandom, SimulatedClock } from "../../emulator";

const requests: Record<EndpointFamily, HttpRequest> = {
  assignee: { method: "PATCH", path: "/api/v2/security/findings/assignee", family: "assignee", body: {} },
  search: {
    method: "POST",
    path: "/api/v2/security/findings/search",
    family: "search",
    body: { data: { attributes: { filter: "" } } },
  },
  users: { method: "GET", path: "/api/v2/users", family: "users" },
  teams: { method: "GET", path: "/api/v2/team", family: "teams" },
  onCall: { method: "GET", path: "/api/v2/on-call/teams/any/on-call", family: "onCall" },
};

const retry = {
  enabled: true,
  maxRetries: 8,
  timeoutMs: 600_000,
  backoffBaseMs: 2_000,
  backoffMultiplier: 2,
};

interface Rig {
  readonly clock: SimulatedClock;
  readonly emulator: Emulator;
  readonly send: Send;
  readonly waits: Waiting[];
  /** How many were under way when each one left, and when that was. */
  readonly departures: { readonly at: number; readonly inFlight: number }[];
}

function rig(options: EmulatorOptions = {}, gate: Partial<RateLimitGateOptions> = {}): Rig {
  const clock = new SimulatedClock();
  const emulator = new Emulator({ clock, latencyMs: 200, ...options });
  const random = new SeededRandom(3);
  const waits: Waiting[] = [];
  const departures: Rig["departures"] = [];
  let inFlight = 0;
  const once = inProcessSend(emulator);
  const counted: Send = async (request) => {
    departures.push({ at: clock.now(), inFlight: ++inFlight });
    try {
      return await once(request);
    } finally {
      inFlight--;
    }
  };
  const onWait = (waiting: Waiting) => waits.push(waiting);
  const send = withRateLimit(counted, { clock, random: () => random.next(), onWait, ...gate });
  return { clock, emulator, send, waits, departures };
}

function many(send: Send, count: number, family: EndpointFamily = "search"): Promise<HttpResponse[]> {
  return Promise.all(Array.from({ length: count }, () => send(requests[family])));
}

function statuses(answers: readonly HttpResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe("the gate reads the headers of every answer and holds requests back before the limit is hit", () => {
  it("50 requests with a limit of 10 per 10 s: never a 429, in the least number of windows", async () => {
    const { clock, send } = rig({ rateLimits: { search: { limit: 10, periodSeconds: 10 } } });
    const startedAt = clock.now();
    assert.deepEqual(statuses(await clock.run(many(send, 50))), { 200: 50 });
    const seconds = (clock.now() - startedAt) / 1_000;
    assert.ok(seconds >= 40 && seconds <= 44, `${seconds} s`);
  });

  it("whatever time an answer takes, also one longer than the window", async () => {
    for (const latencyMs of [0, 1, 950, 4_000, 12_000]) {
      const { clock, send } = rig({ latencyMs, rateLimits: { search: { limit: 10, periodSeconds: 10 } } });
      assert.deepEqual(statuses(await clock.run(many(send, 50))), { 200: 50 }, `${latencyMs} ms`);
    }
  });

  it("a limit of one request per window is kept, too", async () => {
    const { clock, send } = rig({ rateLimits: { search: { limit: 1, periodSeconds: 10 } } });
    assert.deepEqual(statuses(await clock.run(many(send, 5))), { 200: 5 });
  });

  it("counts what other callers of the organisation take, as the answers tell", async () => {
    const others = (window: number) => [7, 4, 9, 0][window % 4] ?? 0;
    const { clock, send } = rig({ rateLimits: { search: { limit: 10, periodSeconds: 10, others } } });
    assert.deepEqual(statuses(await clock.run(many(send, 50))), { 200: 50 });
  });

  it("another caller who takes the rest at once costs what is under way, no more", async () => {
    const { clock, emulator, send } = rig({ rateLimits: { search: { limit: 20, periodSeconds: 10 } } });
    emulator.onRequest = ({ phase, request }) => {
      if (phase === "before" && request.index === 12) emulator.consume("search", 20);
    };
    const { 429: refused = 0, 200: answered } = statuses(await clock.run(many(send, 30)));
    assert.ok(refused >= 1 && refused <= 8, `${refused} refused`);
    assert.equal(answered, 30 - refused);
  });

  it("without headers nothing is held back but by the concurrency", async () => {
    const { clock, send, departures, waits } = rig();
    await clock.run(many(send, 40));
    assert.equal(Math.max(...departures.map(({ inFlight }) => inFlight)), 8);
    assert.deepEqual(waits, []);
  });

  it("headers that make no sense are as good as none", async () => {
    for (const remaining of ["", "many", "-1", "NaN"]) {
      const { clock, emulator, send, waits } = rig();
      const headers = {
        "x-ratelimit-limit": "10",
        "x-ratelimit-remaining": remaining,
        "x-ratelimit-reset": "60",
      };
      emulator.faults.push({ kind: "status", status: 200, headers, body: "{}", times: 20 });
      assert.deepEqual(statuses(await clock.run(many(send, 20))), { 200: 20 });
      assert.deepEqual(waits, [], `remaining "${remaining}"`);
    }
  });
});

describe("on a 429 everybody waits for Reset or Retry-After, plus jitter", () => {
  for (const header of ["retry-after", "x-ratelimit-reset"]) {
    it(`${header}: nobody of the family leaves before it, and not all at the same moment as others`, async () => {
      const { clock, emulator, send, departures } = rig();
      emulator.faults.push({ kind: "status", status: 429, headers: { [header]: "30" } });
      const startedAt = clock.now();
      await clock.run(many(send, 20));
      const [first, second] = departures;
      assert.equal(first?.at, startedAt);
      const waited = (second?.at ?? 0) - startedAt - 200;
      assert.ok(waited > 30_000 && waited <= 30_350, `${waited} ms`);
    });
  }

  it("the longer of the two, and Retry-After as a date by Datadog's clock", async () => {
    const { clock, emulator, send, departures } = rig();
    const startedAt = clock.now();
    const date = (ms: number) => new Date(startedAt + ms).toUTCString();
    // Datadog's clock is an hour ahead of ours.
    const headers = { date: date(3_600_000), "retry-after": date(3_645_000), "x-ratelimit-reset": "5" };
    emulator.faults.push({ kind: "status", status: 429, headers });
    await clock.run(many(send, 2));
    const waited = (departures[1]?.at ?? 0) - startedAt - 200;
    assert.ok(waited > 45_000 && waited <= 45_350, `${waited} ms`);
  });

  it("without headers: a random part of a bound that doubles with each refusal", async () => {
    const { clock, emulator, send, departures } = rig({}, { random: () => 0.999 });
    emulator.faults.push({ kind: "status", status: 429, times: 7 });
    for (let i = 0; i < 8; i++) await clock.run(send(requests.search));
    const gaps = departures.slice(1).map(({ at }, index) => at - (departures[index]?.at ?? 0) - 200);
    const seconds = gaps.map((ms) => Math.round(ms / 1_000));
    assert.deepEqual(seconds, [2, 4, 8, 16, 32, 60, 60]);
  });

  it("families are independent", async () => {
    const { clock, emulator, send, waits } = rig();
    emulator.faults.push({
      kind: "status",
      status: 429,
      headers: { "retry-after": "300" },
      match: { family: "search" },
    });
    await clock.run(many(send, 1));
    const startedAt = clock.now();
    const blocked = many(send, 1);
    await clock.run(many(send, 5, "users"));
    assert.ok(clock.now() - startedAt < 2_000);
    assert.deepEqual(
      waits.map(({ family }) => family),
      ["search"],
    );
    await clock.run(blocked);
    assert.ok(clock.now() - startedAt >= 300_000);
  });
});

describe("then the rate ramps up again: no herd at the reset", () => {
  /** How many were under way, of those that left after `time`, one after another. */
  const inFlightAfter = (departures: Rig["departures"], time: number) =>
    departures.filter(({ at }) => at > time).map(({ inFlight }) => inFlight);

  it("one request goes first, and their number doubles with each good answer", async () => {
    const { clock, emulator, send, departures } = rig();
    emulator.faults.push({ kind: "status", status: 429, headers: { "retry-after": "30" } });
    const startedAt = clock.now();
    await clock.run(many(send, 30));
    const after = departures.filter(({ at }) => at > startedAt);
    const moments = [...new Set(after.map(({ at }) => at))];
    const leaving = moments.map((moment) => after.filter(({ at }) => at === moment).length);
    // Two good answers come at once, so it doubles twice.
    assert.deepEqual(leaving.slice(0, 3), [1, 2, 8]);
    assert.equal(Math.max(...after.map(({ inFlight }) => inFlight)), 8);
  });

  it("also where good answers come in after the 429, which were under way before it", async () => {
    for (const headers of [{ "retry-after": "30" }, {}]) {
      const { clock, emulator, send, departures } = rig();
      await clock.run(many(send, 20));
      emulator.faults.push({ kind: "status", status: 429, headers }, { kind: "slow", ms: 100, times: 7 });
      const refusedAt = clock.now() + 200;
      await clock.run(many(send, 30));
      assert.deepEqual(inFlightAfter(departures, refusedAt).slice(0, 2), [1, 1], JSON.stringify(headers));
    }
  });

  it("after a reset that nobody ran into, one goes first where others share the window", async () => {
    const limit = { limit: 20, periodSeconds: 10, others: () => 1 };
    const { clock, send, departures } = rig({ rateLimits: { search: limit } });
    const startedAt = clock.now();
    await clock.run(many(send, 40));
    const moments = departures.filter(({ at }) => at > startedAt + 10_000).map(({ at }) => at);
    assert.deepEqual(inFlightAfter(departures, startedAt + 10_000).slice(0, 3), [1, 1, 2]);
    assert.ok((moments[1] ?? 0) > (moments[0] ?? 0), "the second leaves when the first has returned");
  });

  it("after a reset that nobody ran into, nothing is slowed down where nobody else uses the limit", async () => {
    const { clock, send, departures } = rig({ rateLimits: { search: { limit: 20, periodSeconds: 10 } } });
    const startedAt = clock.now();
    await clock.run(many(send, 40));
    const moments = departures.filter(({ at }) => at > startedAt + 10_000).map(({ at }) => at);
    assert.equal(moments.filter((at) => at === moments[0]).length, 8);
  });

  it("thirty processes that share 10 requests per 10 s are refused less often than accepted, and none for ever", async () => {
    const rateLimits = { search: { limit: 10, periodSeconds: 10 } };
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, latencyMs: 200, rateLimits });
    const once = inProcessSend(emulator);
    const random = new SeededRandom(7);
    const processes = Array.from({ length: 30 }, () =>
      withRateLimit(once, { clock, random: () => random.next(), retry }),
    );
    const startedAt = clock.now();
    const answers = await clock.run(Promise.all(processes.map((send) => many(send, 3))));
    assert.deepEqual(statuses(answers.flat()), { 200: 90 });
    const refused = emulator.requests.count({ outcome: 429 });
    assert.ok(refused <= 100, `${refused} refused`);
    assert.ok(clock.now() - startedAt <= 2 * 80_000, "twice the least time");
  });
});

describe("the period and the name of a limit", () => {
  const endless = { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "86400" };

  it("bound the reset: one answer that names a day for a window of ten seconds stops nobody for a day", async () => {
    for (const status of [200, 429]) {
      const { clock, emulator, send, departures } = rig();
      const headers = { ...endless, "x-ratelimit-period": "10" };
      emulator.faults.push({ kind: "status", status, headers, body: "{}" });
      const startedAt = clock.now();
      await clock.run(many(send, 2));
      const waited = (departures[1]?.at ?? 0) - startedAt - 200;
      assert.ok(waited > 10_000 && waited <= 10_350, `${status}: ${waited} ms`);
    }
  });

  it("unknown, a window is taken to be over after an hour", async () => {
    const { clock, emulator, send, departures } = rig();
    emulator.faults.push({ kind: "status", status: 200, headers: endless, body: "{}" });
    const startedAt = clock.now();
    await clock.run(many(send, 2));
    const waited = (departures[1]?.at ?? 0) - startedAt - 200;
    assert.ok(waited > 3_600_000 && waited <= 3_600_350, `${waited} ms`);
  });

  it("that make no sense are as good as none", async () => {
    for (const period of ["", "0", "-10", "soon"]) {
      const { clock, emulator, send, departures } = rig();
      const headers = { ...endless, "x-ratelimit-reset": "60", "x-ratelimit-period": period };
      emulator.faults.push({ kind: "status", status: 200, headers, body: "{}" });
      const startedAt = clock.now();
      await clock.run(many(send, 2));
      const waited = (departures[1]?.at ?? 0) - startedAt - 200;
      assert.ok(waited > 60_000 && waited <= 60_350, `"${period}": ${waited} ms`);
    }
  });

  /** Two families of endpoints, under one limit of Datadog's. */
  const twoFamilies = async (nameOf: (family: EndpointFamily) => string) => {
    const clock = new SimulatedClock();
    const rateLimits = { search: { limit: 10, periodSeconds: 60 } };
    const emulator = new Emulator({ clock, latencyMs: 200, rateLimits });
    const once = inProcessSend(emulator);
    const named: Send = async (request) => {
      const { headers, ...response } = await once(requests.search);
      return { ...response, headers: { ...headers, "x-ratelimit-name": nameOf(request.family) } };
    };
    const random = new SeededRandom(3);
    const send = withRateLimit(named, { clock, random: () => random.next(), retry });
    await clock.run(Promise.all([many(send, 1), many(send, 1, "users")]));
    await clock.run(Promise.all([many(send, 30), many(send, 30, "users")]));
    return { refused: emulator.requests.count({ outcome: 429 }), sent: emulator.requests.count() };
  };

  it("of one name are one limit: families that share it know of each other's requests", async () => {
    assert.deepEqual(await twoFamilies(() => "findings"), { refused: 0, sent: 62 });
    assert.ok((await twoFamilies((family) => family)).refused > 0, "which they do not under two names");
  });

  it("of one name stop no request that has to ask something under the same limit before it goes", async () => {
    const clock = new SimulatedClock();
    const rateLimits = { search: { limit: 5, periodSeconds: 10 } };
    const emulator = new Emulator({ clock, latencyMs: 200, rateLimits });
    const once = inProcessSend(emulator);
    const random = new SeededRandom(3);
    const send = withRateLimit(() => once(requests.search), { clock, random: () => random.next(), retry });
    await clock.run(Promise.all([many(send, 1), many(send, 1, "users")]));
    const bodyAtLast = () => send(requests.search);
    const asking = Array.from({ length: 20 }, () => send({ ...requests.users, bodyAtLast }));
    assert.deepEqual(statuses(await clock.run(Promise.all(asking))), { 200: 20 });
  });

  it("do not make a family change its limit with each answer", async () => {
    let count = 0;
    const { sent, refused } = await twoFamilies(() => `name ${count++}`);
    assert.equal(sent - refused, 62);
  });
});

describe("waiting", () => {
  it("is announced with the family and its time", async () => {
    const { clock, send, waits } = rig(
      { rateLimits: { search: { limit: 10, periodSeconds: 300 } } },
      { random: () => 0.5 },
    );
    await clock.run(many(send, 11));
    assert.equal(waits.length, 1);
    assert.equal(waits[0]?.family, "search");
    const { ms = 0 } = waits[0] ?? {};
    assert.ok(ms > 297_000 && ms <= 301_000, `${ms} ms`);
  });

  it("is announced once a window, however many wait", async () => {
    const { clock, send, waits } = rig({ rateLimits: { search: { limit: 10, periodSeconds: 10 } } });
    await clock.run(many(send, 50));
    assert.equal(waits.length, 4);
  });

  it("is announced once, also where more requests come while it lasts", async () => {
    const { clock, send, waits } = rig({ rateLimits: { search: { limit: 1, periodSeconds: 10 } } });
    await clock.run(send(requests.search));
    const work = many(send, 50);
    await clock.advance(5_000);
    assert.equal(waits.length, 1);
    await clock.run(work);
  });

  it("ends at once for who is cancelled; the others go on", async () => {
    const { clock, emulator, send } = rig({ rateLimits: { search: { limit: 1, periodSeconds: 300 } } });
    await clock.run(send(requests.search));
    const cancel = new AbortController();
    const cancelled = send({ ...requests.search, signal: cancel.signal });
    const patient = send(requests.search);
    const startedAt = clock.now();
    await clock.advance(1_000);
    const reason = new Error("cancelled");
    cancel.abort(reason);
    await assert.rejects(cancelled, (error) => error === reason);
    assert.equal(clock.now() - startedAt, 1_000);
    assert.equal((await clock.run(patient)).status, 200);
    assert.equal(emulator.requests.count(), 2);
  });

  it("does not begin for who was cancelled before", async () => {
    const { emulator, send } = rig();
    const signal = AbortSignal.abort(new Error("cancelled"));
    await assert.rejects(send({ ...requests.search, signal }), /^Error: cancelled$/);
    assert.equal(emulator.requests.count(), 0);
  });

  it("is not for ever where a request breaks: its place is free again", async () => {
    const { clock, emulator, send } = rig({}, { concurrency: 1 });
    emulator.faults.push({ kind: "reset", times: 3 });
    const outcomes = await clock.run(
      Promise.allSettled(Array.from({ length: 5 }, () => send(requests.search))),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected", "rejected", "fulfilled", "fulfilled"],
    );
  });
});
