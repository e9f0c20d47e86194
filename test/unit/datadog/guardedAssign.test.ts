import assert from "node:assert/strict";
import { createDatadogClient } from "../../../provider/datadog/client";
import { readSettings } from "../../../provider/datadog/http/settings";
import type { ChangeGuard } from "../../../provider/datadog/model/findingsApi";
import { Emulator, inProcessSend, SeededRandom, SimulatedClock, seedFindings } from "../../emulator";

const ID = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";

function setUp() {
  const clock = new SimulatedClock();
  const findings = seedFindings({ count: 3 });
  const emulator = new Emulator({ clock, findings });
  const settings = readSettings({ get: () => undefined }, { DD_API_KEY: "unused", DD_APP_KEY: "unused" });
  const random = new SeededRandom(1);
  const send = inProcessSend(emulator);
  const api = createDatadogClient({ settings, clock, random: () => random.next(), send });
  const [user = ""] = emulator.users.map(({ id }) => id);
  const assign = (ids: readonly string[], guard?: ChangeGuard) =>
    clock.run(api.assign(ids, user, ID, undefined, guard));
  const sent = () => emulator.requests.filter("assignee").map(({ findingIds }) => findingIds);
  return { clock, emulator, ids: findings.map(({ id }) => id), assign, sent };
}

describe("an assignment with a guard", () => {
  it("sends what the guard does not hold back, and says what it holds", async () => {
    const { ids, assign, sent } = setUp();
    const { leftAlone } = await assign(ids, async () => new Set(ids.slice(0, 1)));
    assert.deepEqual(leftAlone, ids.slice(0, 1));
    assert.deepEqual(sent(), [ids.slice(1)]);
  });

  it("sends nothing where all are held back", async () => {
    const { ids, assign, sent } = setUp();
    assert.deepEqual((await assign(ids, async (asked) => new Set(asked))).leftAlone, ids);
    assert.deepEqual(sent(), []);
  });

  it("sends nothing where the guard cannot tell, and says so", async () => {
    const { ids, assign, sent } = setUp();
    await assert.rejects(
      assign(ids, () => Promise.reject(new Error("the search is down"))),
      /not sent, because it is not known who owns them now: the search is down/,
    );
    assert.deepEqual(sent(), []);
  });

  it("asks the guard after the wait for the rate limit, and again with each try", async () => {
    const { clock, emulator, ids, assign } = setUp();
    emulator.setRateLimit("assignee", { limit: 1, periodSeconds: 600 });
    await assign(ids.slice(0, 1));
    emulator.faults.push({ kind: "status", status: 500 });
    const startedAt = clock.now();
    const asked: number[] = [];
    await assign(ids.slice(1), async () => {
      asked.push(clock.now() - startedAt);
      return new Set();
    });
    const [first = 0, second = 0] = asked;
    assert.equal(asked.length, 2);
    assert.ok(first >= 599_000 && second > first, asked.join());
  });

  it("is in doubt only about what a try without an answer had sent", async () => {
    const { emulator, ids, assign, sent } = setUp();
    const [first = "", second = "", third = ""] = ids;
    emulator.faults.push({ kind: "status", status: 502 });
    const held = [[first], [first, second]];
    const receipt = await assign(ids, async () => new Set(held.shift()));
    assert.deepEqual(receipt.leftAlone, [first, second]);
    assert.deepEqual(receipt.inDoubt, [second]);
    assert.deepEqual(sent(), [[second, third], [third]]);
  });

  it("is in doubt also where nothing is left to be sent again", async () => {
    const { emulator, ids, assign, sent } = setUp();
    const [first = "", ...others] = ids;
    emulator.faults.push({ kind: "status", status: 502 });
    const held = [[first], ids];
    const receipt = await assign(ids, async () => new Set(held.shift()));
    assert.deepEqual(receipt.leftAlone, ids);
    assert.deepEqual(receipt.inDoubt, others);
    assert.deepEqual(sent(), [others]);
  });
});
