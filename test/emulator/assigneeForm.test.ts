import assert from "node:assert/strict";
import type { NobodyForm, UpdatedAtForm } from "./assigneeForm";
import { assign, at, foundIds, search } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const findings = seedFindings({ count: 2 });
const [first = "", second = ""] = findings.map(({ id }) => id);
const [ada] = seedUsers();
assert.ok(ada);
const NOW = Date.UTC(2026, 4, 6, 7, 8, 9, 123);

async function triageOf(emulator: Emulator, id: string): Promise<unknown> {
  const { body } = await search(emulator, `@finding_id:"${id}"`);
  return at(body, "data.0.attributes.attributes.custom.workflow.triage");
}

function emulatorAt(clock: SimulatedClock, options: ConstructorParameters<typeof Emulator>[0] = {}) {
  return new Emulator({ ...options, clock, findings });
}

describe("emulator: how a search writes the time of an assignment", () => {
  const forms: readonly (readonly [form: UpdatedAtForm, written: unknown])[] = [
    ["ms", NOW],
    ["seconds", Math.floor(NOW / 1_000)],
    ["iso", "2026-05-06T07:08:09.123Z"],
    ["zero", 0],
    ["garbage", "yesterday"],
    [{ value: { seconds: 5 } }, { seconds: 5 }],
  ];
  for (const [form, written] of forms) {
    it(typeof form === "string" ? form : "any other value", async () => {
      const emulator = emulatorAt(new SimulatedClock(NOW), { updatedAtForm: form });
      await assign(emulator, [first], ada.id);
      assert.deepEqual(at(await triageOf(emulator, first), "assignee.updated_at"), written);
    });
  }

  it("absent, for one finding alone", async () => {
    const updatedAtForm = (id: string) => (id === first ? "absent" : "ms");
    const emulator = emulatorAt(new SimulatedClock(NOW), { updatedAtForm });
    await assign(emulator, [first, second], ada.id);
    const keys = async (id: string) => Object.keys(at(await triageOf(emulator, id), "assignee") ?? {});
    assert.deepEqual(await keys(first), ["id", "name", "updated_by"]);
    assert.deepEqual(await keys(second), ["id", "name", "updated_at", "updated_by"]);
  });
});

describe("emulator: how a search writes that nobody owns a finding", () => {
  const forms: readonly (readonly [form: NobodyForm, written: unknown])[] = [
    ["no-triage", undefined],
    ["absent", {}],
    ["null", { assignee: null }],
    ["without-id", { assignee: {} }],
    ["null-id", { assignee: { id: null, name: null, updated_at: null } }],
  ];
  for (const [nobodyForm, written] of forms) {
    it(nobodyForm, async () => {
      const emulator = emulatorAt(new SimulatedClock(NOW), { nobodyForm });
      assert.deepEqual(await triageOf(emulator, first), written);
      await assign(emulator, [first], ada.id);
      assert.equal(at(await triageOf(emulator, first), "assignee.id"), ada.id);
      assert.deepEqual(await foundIds(emulator, "-@workflow.triage.assignee.id:*"), [second]);
    });
  }

  it("for one finding alone", async () => {
    const nobodyForm = (id: string) => (id === first ? "without-id" : "no-triage");
    const emulator = emulatorAt(new SimulatedClock(NOW), { nobodyForm });
    assert.deepEqual(
      [await triageOf(emulator, first), await triageOf(emulator, second)],
      [{ assignee: {} }, undefined],
    );
  });
});
