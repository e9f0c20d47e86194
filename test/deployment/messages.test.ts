import assert from "node:assert/strict";
import { chooseEngines } from "../engine";
import { openTestbed, type Testbed, type TestbedOptions } from "./testbed";

for (const choice of chooseEngines()) {
  describe(`what a person sees on the ${choice.name}`, () => {
    let bed: Testbed;
    const open = async (options: TestbedOptions) => {
      bed = await openTestbed(choice, options);
      return bed;
    };
    afterEach(() => bed.close());

    it("work over two seconds shows how far it is, and how long the rate limit holds it back", async () => {
      const { ids, users, up } = await open({
        count: 1_000,
        latencyMs: 100,
        rateLimits: { assignee: { limit: 5, periodSeconds: 12 } },
      });
      const lines: string[] = [];
      const spec = { "payments-critical": { findingIds: ids, assignee: users[0] } };
      await up(spec, { onOutput: ({ line }) => lines.push(line) });
      assert.match(
        lines.join("\n"),
        /(^| )payments-critical: [1-9]00 of 1,000 findings assigned, waiting \d+ s for the rate limit$/m,
      );
      bed.assertOwners(ids, users[0]);
    });

    it("an error says what happened, why and to which findings, and what to do; beside it stands what is left out or not seen", async () => {
      const { emulator, ids, users, tryUp } = await open({ count: 100 });
      const locked = ids.slice(0, 25).sort();
      const [archived = ""] = ids.slice(25);
      for (const id of locked) emulator.failFinding(id, { status: 409, title: "Conflict", detail: "locked" });
      emulator.failFinding(archived, { status: 409, title: "Conflict", detail: "archived" });
      const gone = { findingIds: ["gone"], assignee: users[0], onMissing: "ignore" };
      const { exitCode, stdout } = await tryUp({ a: { findingIds: ids, assignee: users[0] }, b: gone });
      assert.notEqual(exitCode, 0);
      for (const part of [
        `26 of 100 findings could not be assigned to ${users[0]}; 74 succeeded`,
        `409 Conflict: locked: 25 findings: ${locked.slice(0, 3).join(", ")}, and 22 more`,
        `${archived}: 409 Conflict: archived`,
        "next: run the same command again: it sends only what is left",
        "b: 1 finding does not exist and is left out: gone",
      ]) {
        assert.ok(stdout.includes(part), `${part} in ${stdout}`);
      }
      emulator.keys.permit("write", "users");
      assert.match(
        (await tryUp({})).stdout,
        /a: warning: 74 findings are unassigned without a check whether somebody has reassigned them .*security_monitoring_findings_read/,
      );
    });

    it("failures with long texts end the deployment, of a create and of a destroy, which tells them once", async () => {
      const { emulator, engine, ids, users, tryUp, up } = await open({ count: 12 });
      const fail = () => {
        for (const [index, id] of ids.entries())
          emulator.failFinding(id, {
            status: 409,
            title: "Conflict",
            detail: `${index} ${"日".repeat(990)}`,
          });
      };
      const spec = { a: { findingIds: ids, assignee: users[0] } };
      fail();
      const created = await tryUp(spec);
      assert.notEqual(created.exitCode, 0);
      assert.match(created.stdout, /12 of 12 findings could not be assigned/);
      assert.match(created.stdout, /and 2 more reasons/);
      emulator.reset();
      await up(spec);
      fail();
      const { exitCode, stdout, diagnostics } = await engine.destroy();
      assert.notEqual(exitCode, 0);
      const why = "12 of 12 findings could not be unassigned";
      assert.equal(diagnostics.filter(({ message }) => message.includes(why)).length, 1, stdout);
      assert.doesNotMatch(stdout, /^\s+at |node_modules/m);
    });

    it("a refused key is reported once for all findings, with the permission that it needs", async () => {
      const { emulator, ids, users, tryUp } = await open({ count: 120 });
      emulator.keys.permit("read", "users");
      const { stdout } = await tryUp({ a: { findingIds: ids, assignee: users[0] } });
      assert.match(stdout, /120 of 120 findings could not be assigned to .*; nothing was changed/);
      assert.match(stdout, /403.*Forbidden: 120 findings: .*, and 117 more/);
      assert.match(
        stdout,
        /next: give the application key the permission security_monitoring_findings_write or appsec_vm_write/,
      );
    });
  });
}
