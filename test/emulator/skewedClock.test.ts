import assert from "node:assert/strict";
import { assign, foundIds } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";
import { SkewedClock } from "./skewedClock";

const MINUTE = 60_000;
const findings = seedFindings({ count: 1 });
const [id = ""] = findings.map((finding) => finding.id);
const [ada] = seedUsers();
assert.ok(ada);

describe("skewed clock", () => {
  it("shows another time and sleeps as long", async () => {
    const base = new SimulatedClock(0);
    const slow = new SkewedClock(base, -10 * MINUTE);
    await base.run(slow.sleep(MINUTE));
    assert.deepEqual([base.now(), slow.now()], [MINUTE, -9 * MINUTE]);
    slow.skewMs = 0;
    assert.equal(slow.now(), MINUTE);
  });

  it("lets the emulator's Date header and times differ from a client's clock", async () => {
    const base = new SimulatedClock(Date.UTC(2026, 0, 1));
    const emulator = new Emulator({ clock: new SkewedClock(base, 10 * MINUTE), findings });
    const { headers } = await assign(emulator, [id], ada.id);
    assert.equal(headers["date"], "Thu, 01 Jan 2026 00:10:00 GMT");
    assert.equal(emulator.ownerChanges[0]?.at, Date.UTC(2026, 0, 1, 0, 10));
  });

  it("leaves the lag of the search as long as it is", async () => {
    const base = new SimulatedClock();
    const clock = new SkewedClock(base, -10 * MINUTE);
    const emulator = new Emulator({ clock, findings, searchLagMs: 8 * MINUTE });
    const owned = () => foundIds(emulator, `@workflow.triage.assignee.id:${ada.id}`);
    await assign(emulator, [id], ada.id);
    await base.advance(8 * MINUTE - 1);
    assert.deepEqual(await owned(), []);
    await base.advance(1);
    assert.deepEqual(await owned(), [id]);
  });
});
