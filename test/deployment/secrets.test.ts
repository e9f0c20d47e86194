import assert from "node:assert/strict";
import type { Fault } from "../emulator";
import { chooseEngines, type RunOptions } from "../engine";
import { keys, openTestbed, type Spec, type Testbed } from "./testbed";

const troubles: Record<string, Fault> = {
  "403": { kind: "status", status: 403, times: Number.POSITIVE_INFINITY },
  "an HTML page": { kind: "garbage", format: "html", times: Number.POSITIVE_INFINITY },
  "a reset connection": { kind: "reset", times: Number.POSITIVE_INFINITY },
  "a redirect": { kind: "redirect", times: Number.POSITIVE_INFINITY },
};

for (const choice of chooseEngines()) {
  describe(`secrets on the ${choice.name}`, () => {
    let bed: Testbed;
    let printed: string[];
    const listening: RunOptions = {
      onOutput: ({ line }) => printed.push(line),
      onDiagnostic: ({ message }) => printed.push(message),
    };
    beforeEach(() => {
      printed = [];
    });
    afterEach(() => bed.close());

    it("keys are in nothing that is printed or stored, debug output included, whatever goes wrong", async () => {
      bed = await openTestbed(choice, {
        config: {
          ...keys,
          "datadog:httpClientRetryMaxRetries": { value: "1" },
          "datadog:httpClientRetryBackoffBase": { value: "1" },
        },
        env: { NODE_DEBUG: "http,net,undici", PULUMI_DEBUG_PROMISE_LEAKS: "1" },
      });
      const { emulator, engine, ids, users, tryUp, up } = bed;
      const spec: Spec = { a: { findingIds: ids, assignee: users[0] } };
      for (const [name, fault] of Object.entries(troubles)) {
        emulator.faults.push(fault);
        const { exitCode, stdout } = await tryUp(spec, listening);
        assert.notEqual(exitCode, 0, `${name}: ${stdout}`);
        emulator.faults.clear();
      }
      await up(spec, listening);
      emulator.faults.push(...Object.values(troubles).slice(-1));
      assert.notEqual((await engine.refresh(listening)).exitCode, 0);
      assert.notEqual((await engine.destroy(listening)).exitCode, 0);
      await engine.exportState();
      assert.match(printed.join("\n"), /NET \d+: /, "the debug output is among it");
      // The testbed scans it all when it is closed.
    });

    it("a secret assignee stays encrypted in the state, the whole life through", async () => {
      bed = await openTestbed(choice);
      const { emulator, engine, ids, users, up } = bed;
      const [one = "", two = ""] = users;
      const stored = async () => {
        const { resources = [] } = (await engine.exportState()).deployment;
        return resources.filter(({ type }) => type.endsWith(":FindingsAssignment"));
      };
      const assertSecret = async () => {
        const [resource] = await stored();
        assert.ok(resource);
        assert.equal(JSON.stringify(resource.inputs?.["assignee"]).includes("ciphertext"), true);
        assert.equal(JSON.stringify(resource.outputs?.["assignee"]).includes("ciphertext"), true);
      };
      await up({ a: { findingIds: ids, secretAssignee: one } }, listening);
      await assertSecret();
      emulator.reassignByHand(ids[0] ?? "", two);
      assert.equal((await engine.refresh(listening)).exitCode, 0);
      await assertSecret();
      await up({ a: { findingIds: ids, secretAssignee: two } }, listening);
      await assertSecret();
      bed.assertOwners(ids, two);
      assert.equal((await engine.destroy(listening)).exitCode, 0);
      assert.deepEqual(await stored(), []);
    });
  });
}
