import assert from "node:assert/strict";
import type { HttpRequest } from "../../provider/datadog/model/transport";
import { assignmentBody } from "./callEmulator";
import { Emulator } from "./emulator";
import { type EmulatorServer, startEmulator } from "./emulatorServer";
import type { Fault } from "./faults";
import { inProcessSend } from "./inProcessSend";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "./keyring";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const PATH = "/api/v2/security/findings/assignee";
const findings = seedFindings({ count: 5 });
const id = findings[0]?.id ?? "";
const ada = seedUsers()[0]?.id ?? "";

function patch(signal?: AbortSignal): HttpRequest {
  const body = assignmentBody([id], ada);
  return { method: "PATCH", path: PATH, family: "assignee", body, ...(signal ? { signal } : {}) };
}

/** What a fault looks like through a socket: what came, and whether the request took effect. */
async function overHttp(server: EmulatorServer, fault: Fault, timeoutMs = 5_000) {
  server.emulator.faults.push(fault);
  const headers = { "dd-api-key": EMULATOR_API_KEY, "dd-application-key": EMULATOR_APP_KEY };
  const init = { method: "PATCH", headers, body: JSON.stringify(assignmentBody([id], ada)) };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(server.url + PATH, { ...init, signal, redirect: "manual" });
    const body = await response.text();
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    return { error: error instanceof Error && error.cause instanceof Error ? error.cause : error };
  }
}

describe("emulator: faults over HTTP", () => {
  let server: EmulatorServer;
  beforeEach(async () => {
    server = await startEmulator({ findings });
  });
  afterEach(() => server.close());
  const applied = () => server.emulator.ownerOf(id) === ada;

  it("status", async () => {
    const fault = { kind: "status", status: 503, headers: { "retry-after": "7" }, body: "busy" } as const;
    const { status, headers, body } = await overHttp(server, fault);
    assert.deepEqual([status, headers?.get("retry-after"), body, applied()], [503, "7", "busy", false]);
    await overHttp(server, { kind: "status", status: 500, apply: true });
    assert.equal(applied(), true);
  });

  it("reset", async () => {
    const { error } = await overHttp(server, { kind: "reset" });
    assert.ok(error instanceof Error && "code" in error);
    assert.deepEqual([error.code, applied()], ["ECONNRESET", false]);
  });

  it("applied, but the answer is lost", async () => {
    const { error } = await overHttp(server, { kind: "applied-but-answer-lost" });
    assert.ok(error instanceof Error);
    assert.equal(applied(), true);
    assert.equal(server.emulator.requests.all[0]?.outcome, "reset");
  });

  it("hang", async () => {
    const { error } = await overHttp(server, { kind: "hang" }, 50);
    assert.match(String(error), /Timeout/);
    assert.equal(applied(), false);
  });

  it("a page of HTML, bytes, or nothing", async () => {
    const html = await overHttp(server, { kind: "garbage", format: "html" });
    assert.deepEqual([html.status, html.body?.slice(0, 9)], [200, "<!DOCTYPE"]);
    const binary = await overHttp(server, { kind: "garbage", format: "binary" });
    assert.ok(binary.body?.includes("\0"));
    assert.equal((await overHttp(server, { kind: "garbage", format: "empty" })).body, "");
    assert.equal(applied(), false);
  });

  it("JSON that ends half-way, with or without the connection", async () => {
    const cut = await overHttp(server, { kind: "garbage", format: "cut-json" });
    assert.equal(cut.status, 202);
    assert.throws(() => JSON.parse(cut.body ?? ""));
    assert.equal(applied(), true);
    const { error } = await overHttp(server, { kind: "garbage", format: "cut-connection" });
    assert.ok(error instanceof Error);
  });

  it("a redirect to elsewhere", async () => {
    const { status, headers } = await overHttp(server, {
      kind: "redirect",
      location: "http://127.0.0.1:1/x",
    });
    assert.deepEqual([status, headers?.get("location"), applied()], [307, "http://127.0.0.1:1/x", false]);
  });

  it("a huge answer", async () => {
    const { body } = await overHttp(server, { kind: "huge", bytes: 3_000_000 });
    assert.ok((body?.length ?? 0) > 3_000_000);
  });

  it("an answer that was tampered with", async () => {
    const change = (answer: { readonly body: string | Uint8Array }) => ({
      ...{ kind: "answer" as const, status: 202, headers: {} },
      body: `${answer.body}!`,
    });
    const { body } = await overHttp(server, { kind: "tamper", change });
    assert.match(body ?? "", /}!$/);
    assert.equal(applied(), true);
  });

  it("closes though a request hangs", async () => {
    const hanging = overHttp(server, { kind: "hang" });
    while (server.emulator.requests.count() === 0) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    assert.ok((await hanging).error instanceof Error);
  });
});

describe("emulator: faults in process", () => {
  it("resets with the code that the network has", async () => {
    const emulator = new Emulator({ findings });
    const send = inProcessSend(emulator);
    emulator.faults.push({ kind: "reset" }, { kind: "applied-but-answer-lost" });
    const isReset = (error: unknown) =>
      error instanceof Error && "code" in error && error.code === "ECONNRESET";
    await assert.rejects(send(patch()), isReset);
    assert.equal(emulator.ownerOf(id), null);
    await assert.rejects(send(patch()), isReset);
    assert.equal(emulator.ownerOf(id), ada);
    assert.equal((await send(patch())).status, 202);
  });

  it("hangs until the caller gives up", async () => {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, findings });
    const send = inProcessSend(emulator);
    emulator.faults.push({ kind: "hang" });
    const controller = new AbortController();
    const reason = new Error("timed out");
    clock.sleep(30_000).then(() => controller.abort(reason));
    await assert.rejects(clock.run(send(patch(controller.signal))), (error) => error === reason);
    assert.equal(emulator.requests.all[0]?.outcome, "hang");
    const before = emulator.requests.count();
    await assert.rejects(send(patch(controller.signal)), (error) => error === reason);
    assert.equal(emulator.requests.count(), before);
  });

  it("takes its time on the simulated clock, and more where it is slow", async () => {
    const clock = new SimulatedClock(0);
    const emulator = new Emulator({ clock, findings, latencyMs: 200 });
    const send = inProcessSend(emulator);
    await clock.run(send(patch()));
    assert.equal(clock.now(), 200);
    emulator.faults.push({ kind: "slow", ms: 5_000 });
    await clock.run(send(patch()));
    assert.equal(clock.now(), 5_400);
  });

  it("sends the keys that it is given", async () => {
    const emulator = new Emulator({ findings });
    assert.equal((await inProcessSend(emulator, { appKey: "wrong" })(patch())).status, 403);
  });
});

describe("emulator: which request a fault hits", () => {
  async function outcomes(faults: readonly Fault[], count: number) {
    const emulator = new Emulator({ findings });
    const send = inProcessSend(emulator);
    emulator.faults.push(...faults);
    const users: HttpRequest = { method: "GET", path: "/api/v2/users", family: "users" };
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) {
      statuses.push((await send(users)).status, (await send(patch())).status);
    }
    return statuses;
  }

  it("the next one, once, where nothing is said", async () => {
    assert.deepEqual(await outcomes([{ kind: "status", status: 500 }], 2), [500, 202, 200, 202]);
  });

  it("from the nth of a family on, as often as told", async () => {
    const match = { family: "assignee", nth: 2 } as const;
    const fault: Fault = { kind: "status", status: 500, match, times: 2 };
    assert.deepEqual(await outcomes([fault], 4), [200, 202, 200, 500, 200, 500, 200, 202]);
  });

  it("several one after another, the first pushed first", async () => {
    const faults: Fault[] = [
      { kind: "status", status: 500, match: { method: "PATCH" } },
      { kind: "status", status: 502, match: { method: "PATCH" } },
      { kind: "status", status: 418, match: { when: ({ index }) => index === 4 } },
    ];
    assert.deepEqual(await outcomes(faults, 3), [200, 500, 200, 502, 418, 202]);
  });

  it("what a random source says, until faults are cleared", async () => {
    const emulator = new Emulator({
      findings,
      randomFaults: ({ index }) => (index % 2 ? { kind: "reset" } : undefined),
    });
    const send = inProcessSend(emulator);
    assert.equal((await send(patch())).status, 202);
    await assert.rejects(send(patch()));
    assert.equal((await send(patch())).status, 202);
    emulator.faults.clear();
    assert.equal((await send(patch())).status, 202);
  });

  it("never one that is forbidden or over the rate limit", async () => {
    const emulator = new Emulator({ findings });
    emulator.faults.push({ kind: "status", status: 500 });
    assert.equal((await inProcessSend(emulator, { apiKey: "wrong" })(patch())).status, 403);
    assert.equal(emulator.faults.pending, 1);
    assert.equal((await inProcessSend(emulator)(patch())).status, 500);
    assert.equal(emulator.faults.pending, 0);
  });
});
