import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { scenario } from "../../support/scenario";

describe("an up of unchanged rules that can see nothing", () => {
  const NEW = seedFindings({ count: 5, seed: 99 });

  for (const [what, family] of [
    ["the keys may not search", "search"],
    ["the keys may not look up teams any more", "teams"],
  ] as const) {
    it(`fails where ${what}: it does not succeed with findings that nobody has been given`, async () => {
      const { clock, emulator, stack, users } = scenario({ findings: 20, parallel: 1, latencyMs: 20 });
      const team = { id: "7ea00000-0000-4000-8000-000000000001", handle: "payments", name: "Payments" };
      emulator.putTeam({ ...team, memberIds: users.slice(0, 2), onCall: [] });
      const program = { security: { rules: [{ name: "all", query: "*", assignee: "team:payments" }] } };
      await clock.run(
        (async () => {
          assert.equal((await stack.up(program)).errors.size, 0);
          await clock.sleep(20 * 60_000);
          emulator.addFindings(NEW);
          await clock.sleep(20 * 60_000);
          emulator.faults.push({ kind: "status", status: 403, match: { family }, times: 1_000 });
          const { errors, printed } = await stack.up(program);
          for (const { id } of NEW) assert.equal(emulator.ownerOf(id), null);
          assert.ok(errors.size > 0, printed.join("\n"));
        })(),
      );
    });
  }
});
