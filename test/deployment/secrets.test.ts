import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, type Fault } from "../emulator";
import { chooseEngines, type RunOptions } from "../engine";
import { keys, openTestbed, type Spec, type Testbed } from "./testbed";

/** Both keys, and parts of them that a shortened or half-masked key would still show. */
const telling = [EMULATOR_API_KEY, EMULATOR_APP_KEY].flatMap((key) => [
  key,
  key.slice(0, 12),
  key.slice(-12),
  key.slice(8, 24),
]);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

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
    beforeEach(async () => {
      printed = [];
      bed = await openTestbed(choice, {
        config: {
          ...keys,
          "datadog:httpClientRetryMaxRetries": { value: "1" },
          "datadog:httpClientRetryBackoffBase": { value: "1" },
        },
        env: { NODE_DEBUG: "http,net,undici", PULUMI_DEBUG_PROMISE_LEAKS: "1" },
      });
    });
    afterEach(() => bed.close());

    const assertNothingTold = async () => {
      assert.ok(printed.length > 0);
      const stored = filesIn(bed.folder).map((path) => readFileSync(path, "utf8"));
      const all = [...printed, ...stored, JSON.stringify(await bed.engine.exportState())].join("\n");
      for (const part of telling) {
        const at = all.indexOf(part);
        assert.equal(at, -1, `told: ${all.slice(Math.max(0, at - 100), at + 10)}`);
      }
    };

    for (const [name, fault] of Object.entries(troubles)) {
      it(`keys are in nothing that is printed or stored: ${name}`, async () => {
        const { emulator, engine, ids, users, tryUp, up } = bed;
        const spec: Spec = { a: { findingIds: ids, assignee: users[0] } };
        emulator.faults.push(fault);
        const failed = await tryUp(spec, listening);
        assert.notEqual(failed.exitCode, 0, failed.stdout);
        printed.push(failed.stdout, JSON.stringify([failed.diagnostics, failed.outputs]));
        emulator.faults.clear();
        await up(spec, listening);
        emulator.faults.push(fault);
        for (const result of [await engine.refresh(listening), await engine.destroy(listening)]) {
          printed.push(result.stdout, JSON.stringify([result.diagnostics, result.outputs]));
        }
        await assertNothingTold();
      });
    }

    it("a secret assignee stays encrypted in the state, the whole life through", async () => {
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
