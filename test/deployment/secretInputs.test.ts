import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { embeddedEngine, type RunOptions } from "../engine";
import { openTestbed, type Spec, type Testbed } from "./testbed";

const checkFailures = z.array(
  z.object({ failures: z.array(z.object({ property: z.string().default("") })).optional() }).optional(),
);

/** Of the program `secretProgram`: which of a resource's inputs are secret, by path. */
const secretly = (args: object, ...secrets: string[]) => ({ ...args, secrets });

describe("secret inputs", () => {
  let bed: Testbed;
  let printed: string[];
  const listening: RunOptions = {
    onOutput: ({ line }) => printed.push(line),
    onDiagnostic: ({ message }) => printed.push(message),
  };
  beforeEach(async () => {
    printed = [];
    bed = await openTestbed(embeddedEngine, { projectDir: join(__dirname, "secretProgram"), count: 6 });
  });
  afterEach(() => bed.close());

  /** Neither what is printed nor what is stored holds any of these texts. */
  async function assertNowhere(stdout: string, ...texts: string[]): Promise<void> {
    const stored = readFileSync(join(bed.folder, "state", "dev.json"), "utf8");
    for (const text of texts) {
      assert.ok(!stdout.includes(text), `${text} is shown: ${stdout}`);
      assert.ok(!printed.join("\n").includes(text), `${text} is printed: ${printed.join("\n")}`);
      assert.ok(!stored.includes(text), `${text} is stored`);
    }
  }

  const ruled = (rule: object) => ({ rules: [{ name: "first", query: "team:payments", ...rule }] });
  const invalid: Record<string, { args: (ids: readonly string[]) => object; path: string; value: string }> = {
    "an assignee": {
      args: (findingIds) => secretly({ findingIds, assignee: "undefined" }, "assignee"),
      path: "assignee",
      value: "undefined",
    },
    "the query of a rule": {
      args: () =>
        secretly(ruled({ query: "team:(hidden-team", assignee: "a@example.com" }), "rules[0].query"),
      path: "rules[0].query",
      value: "hidden-team",
    },
    "an element of exclude": {
      args: () =>
        secretly({ ...ruled({ assignee: "a@example.com" }), exclude: ["", "hidden-id"] }, "exclude[0]"),
      path: "exclude",
      value: "hidden-id",
    },
  };
  for (const [what, { args, path, value }] of Object.entries(invalid)) {
    it(`${what} that is not valid is told without property, value and problem`, async () => {
      const { exitCode, stdout, calls = [] } = await bed.tryUp({ a: { ...args(bed.ids) } }, listening);
      assert.notEqual(exitCode, 0);
      // The real engine prints the value of the property that a failure names.
      const failures = checkFailures
        .parse(calls.map(({ response }) => response))
        .flatMap((each) => each?.failures ?? []);
      assert.deepEqual(
        failures.map(({ property }) => property),
        [""],
      );
      assert.ok(stdout.includes(`the value of ${path} is not valid; it is secret`), stdout);
      await assertNowhere(stdout, value);
    });
  }

  it("in a partial failure, a refused destroy and a conflict the owner is [secret], in the state too", async () => {
    const [one = "", two = ""] = bed.users;
    const [missing = "", ...ids] = bed.ids;
    bed.emulator.removeFinding(missing);
    const owned: Spec = { a: secretly({ findingIds: bed.ids, assignee: one }, "assignee") };
    const partial = await bed.tryUp(owned, listening);
    assert.notEqual(partial.exitCode, 0);
    assert.match(partial.stdout, /1 of 6 findings could not be assigned to \[secret\]/);
    bed.assertOwners(ids, one);
    await assertNowhere(partial.stdout, one);
    const { resources = [] } = (await bed.engine.exportState()).deployment;
    const [stored] = resources.filter(({ type }) => type.endsWith(":FindingsAssignment"));
    assert.match(stored?.initErrors?.join("\n") ?? "", /assigned to \[secret\]/);

    const conflict = await bed.tryUp({ ...owned, b: { findingIds: ids, assignee: two } }, listening);
    assert.match(
      conflict.stdout,
      /declared twice: for (\[secret\] here, and for .* by|.* here, and for \[secret\] by)/,
    );
    await assertNowhere(conflict.stdout, one);

    bed.emulator.faults.push({ kind: "status", status: 403, times: Number.POSITIVE_INFINITY });
    const refused = await bed.engine.destroy(listening);
    assert.notEqual(refused.exitCode, 0);
    await assertNowhere(refused.stdout, one);
  });

  it("an unknown owner is told without the name and without those that are near it", async () => {
    const near = bed.emulator.users[0]?.email ?? "";
    const assignee = near.replace("example", "exmaple");
    const { stdout } = await bed.tryUp(
      { a: secretly({ findingIds: bed.ids, assignee }, "assignee") },
      listening,
    );
    assert.match(stdout, /has the e-mail or handle "\[secret\]"/);
    assert.doesNotMatch(stdout, /did you mean/);
    await assertNowhere(stdout, assignee, near);
  });

  it("an unknown owner of a rule fails that rule, without the name and without those that are near it", async () => {
    const near = bed.emulator.users[0]?.email ?? "";
    const assignee = near.replace("example", "exmaple");
    const spec: Spec = { a: secretly(ruled({ query: "*", assignee }), "rules[0].assignee") };
    const { exitCode, stdout } = await bed.tryUp(spec, listening);
    assert.notEqual(exitCode, 0);
    assert.match(stdout, /has the e-mail or handle "\[secret\]"/);
    await assertNowhere(stdout, assignee, near);
  });

  it("what is made of them is secret for the program, and the whole life goes on with it", async () => {
    const [one = "", two = ""] = bed.users;
    const namesOf = (owner: string) => {
      const { name, email } = bed.emulator.users.find(({ id }) => id === owner) ?? assert.fail();
      return { name: name ?? assert.fail(), email: email ?? assert.fail() };
    };
    const hidden = [one, two].flatMap((id) => [id, ...Object.values(namesOf(id))]);
    const up = async (owner: string) => {
      const assignee = namesOf(owner).email;
      const spec = {
        pinned: secretly({ findingIds: bed.ids.slice(0, 3), assignee }, "assignee"),
        ruled: secretly(
          {
            rules: [{ name: "rest", query: "*", assignee, overwrite: true }],
            exclude: bed.ids.slice(0, 3),
          },
          "rules[0].assignee",
        ),
      };
      const result = await bed.up(spec, listening);
      bed.assertOwners(bed.ids, owner);
      await assertNowhere(result.stdout, ...hidden);
      return result;
    };
    const { secretOutputs } = await up(one);
    assert.ok(printed.includes("pinned: 3 findings assigned to [secret]"), printed.join("\n"));
    assert.deepEqual([...secretOutputs].sort(), ["pinned", "ruled"]);
    assert.deepEqual((await up(one)).changes, { same: 3 });
    bed.emulator.reassignByHand(bed.ids[0] ?? "", two);
    const refreshed = await bed.engine.refresh(listening);
    assert.equal(refreshed.exitCode, 0);
    await assertNowhere(refreshed.stdout, one);
    // the refresh may say who owns the finding now; that becomes secret with the next deployment
    printed = [];
    await up(two);
    const destroyed = await bed.engine.destroy(listening);
    assert.equal(destroyed.exitCode, 0, destroyed.stdout);
    bed.assertOwners(bed.ids, null);
  });
});
