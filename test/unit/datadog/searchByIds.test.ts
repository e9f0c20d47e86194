import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { ApiError, UnexpectedAnswerError } from "../../../provider/datadog/errors";
import { searchByIds } from "../../../provider/datadog/searchByIds";
import { Emulator, type EmulatorOptions, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";

const clock = new SimulatedClock();
const findings = seedFindings({ count: 100 });
const ids = findings.map(({ id }) => id);

function emulated(options: EmulatorOptions = {}) {
  const emulator = new Emulator({ clock, findings, ...options });
  const api = createFindingsApi(inProcessSend(emulator), clock);
  return { emulator, look: (wanted = ids) => clock.run(searchByIds(api, wanted)) };
}

/** Another shape for the findings at these places of an answer. */
function garble(emulator: Emulator, change: (index: number, finding: object) => object) {
  emulator.faults.push({
    kind: "tamper",
    change: (answer) => {
      const body: { data: object[] } = JSON.parse(String(answer.body));
      return { ...answer, body: JSON.stringify({ ...body, data: body.data.map((f, i) => change(i, f)) }) };
    },
  });
}

const withoutContent = (finding: object) => ({ ...finding, attributes: { tags: [] } });

describe("the search for findings by their ids", () => {
  it("follows the cursor where pages are shorter than was asked", async () => {
    const { emulator, look } = emulated({ pageCap: 30 });
    const { findings: found, unreadable } = await look();
    assert.deepEqual([...found.keys()].sort(), [...ids].sort());
    assert.equal(unreadable.size, 0);
    assert.equal(emulator.requests.count(), 4);
  });

  it("halves a query that is refused for its length", async () => {
    for (const status of [400, 413]) {
      const { emulator, look } = emulated();
      const long = { family: "search" } as const;
      emulator.faults.push({ kind: "status", status, match: long });
      assert.equal((await look()).findings.size, 100);
      assert.equal(emulator.requests.count(), 3);
    }
  });

  it("does not halve for ever where the query is refused for another reason, nor on any other refusal", async () => {
    for (const [status, most] of [
      [400, 5],
      [403, 1],
      [500, 1],
    ] as const) {
      const { emulator, look } = emulated();
      emulator.faults.push({ kind: "status", status, times: Number.POSITIVE_INFINITY });
      await assert.rejects(look(), ApiError);
      assert.ok(emulator.requests.count() <= most, `${emulator.requests.count()} requests after ${status}`);
    }
  });

  it("takes a finding that cannot be read for neither found nor absent, and reads the others", async () => {
    const { emulator, look } = emulated();
    garble(emulator, (index, finding) => (index === 7 ? withoutContent(finding) : finding));
    const { findings: found, unreadable } = await look([...ids, "gone"].slice(1));
    assert.equal(found.size, 98);
    assert.equal(unreadable.size, 1);
    assert.ok(!unreadable.has("gone"));
    for (const id of unreadable) assert.ok(ids.includes(id) && !found.has(id));
  });

  it("takes one without an id for any of those that were not found", async () => {
    const { emulator, look } = emulated();
    garble(emulator, (index, finding) => (index === 7 ? {} : finding));
    const { unreadable } = await look([...ids, "gone"].slice(1));
    assert.equal(unreadable.size, 2);
    assert.ok(unreadable.has("gone"));
  });

  it("is refused where no finding can be read: their shape has changed", async () => {
    const { emulator, look } = emulated();
    garble(emulator, (_, finding) => withoutContent(finding));
    await assert.rejects(look(), (error) => {
      assert.ok(error instanceof UnexpectedAnswerError);
      assert.match(error.message, /data\.0\.attributes\.attributes: Invalid input/);
      return true;
    });
  });

  it("compares users in lower case, however Datadog writes them", async () => {
    const { emulator, look } = emulated();
    const [user] = emulator.users;
    const [first = ""] = ids;
    emulator.reassignByHand(first, user?.id ?? null);
    emulator.faults.push({
      kind: "tamper",
      change: (answer) => ({
        ...answer,
        body: String(answer.body).replaceAll(user?.id ?? "", (id) => id.toUpperCase()),
      }),
    });
    assert.equal((await look([first])).findings.get(first)?.assignee?.id, user?.id);
  });
});
