import assert from "node:assert/strict";
import type { Props } from "../../stack/providerProcess";
import { type Scenario, type ScenarioOptions, scenario } from "../../support/scenario";

type Program = Record<string, Props>;

async function deploy(options: ScenarioOptions, play: (s: Scenario) => Promise<void>): Promise<Scenario> {
  const s = scenario(options);
  await s.clock.run(play(s));
  return s;
}

async function upCleanly(s: Scenario, program: Program): Promise<number> {
  const before = s.emulator.requests.count({ family: "assignee" });
  const { errors } = await s.stack.up(program);
  assert.deepEqual([...errors.values()], []);
  return s.emulator.requests.count({ family: "assignee" }) - before;
}

function batchSizes(s: Scenario): number[] {
  return s.emulator.requests.all.flatMap((request) => request.findingIds?.length ?? []).sort((a, b) => b - a);
}

function assertOwners(s: Scenario, expected: Record<string, string | null>): void {
  const owners = Object.fromEntries(Object.keys(expected).map((id) => [id, s.emulator.ownerOf(id)]));
  assert.deepEqual(owners, expected);
}

const owned = (ids: readonly string[], owner: string | null) =>
  Object.fromEntries(ids.map((id) => [id, owner]));

describe("FindingsAssignment on the emulator", () => {
  it("takes 3 PATCHes for 250 findings, and none for no change, another order or duplicates", async () => {
    await deploy({}, async (s) => {
      const [user] = s.users;
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: user } }), 3);
      assertOwners(s, owned(s.ids, user ?? ""));
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: user } }), 0);
      const shuffled = [...s.ids].reverse();
      assert.equal(
        await upCleanly(s, { a: { findingIds: [...shuffled, ...s.ids], assignee: user?.toUpperCase() } }),
        0,
      );
      assert.equal(s.emulator.requests.count(), 3);
    });
  });

  it("takes 2 PATCHes of 10 and 5 for +10/-5 of 300", async () => {
    await deploy({ findings: 310 }, async (s) => {
      const [assignee = ""] = s.users;
      await upCleanly(s, { a: { findingIds: s.ids.slice(0, 300), assignee } });
      s.emulator.requests.reset();
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids.slice(5, 310), assignee } }), 2);
      assert.deepEqual(batchSizes(s), [10, 5]);
      assertOwners(s, { ...owned(s.ids.slice(0, 5), null), ...owned(s.ids.slice(5), assignee) });
    });
  });

  it("takes 2 PATCHes for a new assignee of 120, without passing through unassigned", async () => {
    await deploy({ findings: 120 }, async (s) => {
      const [one = "", two = ""] = s.users;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: one } });
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: two } }), 2);
      assertOwners(s, owned(s.ids, two));
      assert.ok(s.emulator.ownerChanges.every((change) => change.to !== null));
    });
  });

  it("takes far fewer than 100 requests for 100 resources of 4 findings each", async () => {
    await deploy({ findings: 400, latencyMs: 100 }, async (s) => {
      const [assignee = ""] = s.users;
      const program: Program = {};
      for (let index = 0; index < 100; index++) {
        program[`r${index}`] = { findingIds: s.ids.slice(4 * index, 4 * index + 4), assignee };
      }
      const requests = await upCleanly(s, program);
      assert.ok(requests <= 15, `${requests} requests`);
      assertOwners(s, owned(s.ids, assignee));
    });
  });

  it("keeps the owner of a renamed resource", async () => {
    await deploy({}, async (s) => {
      const [assignee = ""] = s.users;
      await upCleanly(s, { before: { findingIds: s.ids, assignee } });
      await upCleanly(s, { after: { findingIds: s.ids, assignee } });
      assertOwners(s, owned(s.ids, assignee));
      assert.ok(s.emulator.ownerChanges.every((change) => change.to !== null));
      assert.deepEqual([...s.stack.state.keys()], ["after"]);
    });
  });

  it("ends moves between two resources, both directions, with the declared owner", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      await deploy({ findings: 20, seed }, async (s) => {
        const [one = "", two = ""] = s.users;
        const program = (a: readonly string[], b: readonly string[]) => ({
          a: { findingIds: a, assignee: one },
          b: { findingIds: b, assignee: two },
        });
        const [left, right] = [s.ids.slice(0, 10), s.ids.slice(10)];
        await upCleanly(s, program(left, right));
        await upCleanly(s, program(right, left));
        assertOwners(s, { ...owned(right, one), ...owned(left, two) });
        await upCleanly(s, program(s.ids, []));
        assertOwners(s, owned(s.ids, one));
        await upCleanly(s, program([], s.ids));
        assertOwners(s, owned(s.ids, two));
      });
    }
  });

  it("keeps the owner where the up broke off between the create and the delete and is run again", async () => {
    await deploy({}, async (s) => {
      const [assignee = ""] = s.users;
      await upCleanly(s, { before: { findingIds: s.ids, assignee } });
      const stateBefore = s.stack.state.get("before");
      await upCleanly(s, { after: { findingIds: s.ids, assignee } });
      if (stateBefore) s.stack.state.set("before", stateBefore);
      await upCleanly(s, { after: { findingIds: s.ids, assignee } });
      assertOwners(s, owned(s.ids, assignee));
    });
  });

  it("unassigns everything on destroy", async () => {
    await deploy({}, async (s) => {
      const [assignee = ""] = s.users;
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      const { errors } = await s.stack.destroy();
      assert.equal(errors.size, 0);
      assertOwners(s, owned(s.ids, null));
      assert.equal(s.stack.state.size, 0);
    });
  });

  it("refuses in check the same finding for different assignees, naming the finding and both", async () => {
    await deploy({}, async (s) => {
      const [one = "", two = ""] = s.users;
      const [shared = ""] = s.ids;
      const program = {
        a: { findingIds: [shared], assignee: one },
        b: { findingIds: [shared], assignee: two },
      };
      const { errors } = await s.stack.up(program);
      const [message = ""] = [...errors.values()].map((error) => error.message);
      assert.equal(errors.size, 1);
      for (const part of [shared, one, two]) assert.ok(message.includes(part), message);
    });
  });

  it("keeps what succeeded of a batch that partly fails, and sends only the failed ids next time", async () => {
    await deploy({ findings: 50 }, async (s) => {
      const [assignee = ""] = s.users;
      const [bad = ""] = s.ids;
      s.emulator.failFinding(bad, { status: 409, title: "Conflict", detail: "locked", times: 1 });
      const program = { a: { findingIds: s.ids, assignee } };
      const { errors } = await s.stack.up(program);
      const message = errors.get("a")?.message ?? "";
      for (const part of ["1 of 50", bad, "409 Conflict", "locked"])
        assert.ok(message.includes(part), message);
      const stored = s.stack.state.get("a");
      assert.deepEqual(stored?.outputs.failures, [
        { findingId: bad, status: 409, title: "Conflict", detail: "locked" },
      ]);
      assert.equal(stored?.outputs.__provider, "text");
      s.emulator.requests.reset();
      assert.equal(await upCleanly(s, program), 1);
      assert.deepEqual(s.emulator.requests.all[0]?.findingIds, [bad]);
    });
  });

  it("leaves no resource behind where a create achieves nothing", async () => {
    await deploy({ findings: 3 }, async (s) => {
      const [assignee = ""] = s.users;
      s.emulator.faults.push({ kind: "status", status: 403 });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      assert.match(errors.get("a")?.message ?? "", /security_monitoring_findings_write or appsec_vm_write/);
      assert.equal(s.stack.state.size, 0);
    });
  });

  it("stores an id at most twice, and warnings without failing", async () => {
    await deploy({ findings: 5 }, async (s) => {
      const [assignee = ""] = s.users;
      const [first = "", second = ""] = s.ids;
      s.emulator.failFinding(first, { status: 409, title: "Conflict", detail: "locked" });
      s.emulator.warnFinding(second, { status: 500, title: "Jira", detail: "no sync" });
      await s.stack.up({ a: { findingIds: s.ids, assignee } });
      const { inputs, outputs } = s.stack.state.get("a") ?? {};
      const text = JSON.stringify({ inputs, outputs });
      for (const id of s.ids.filter((id) => id !== second)) assert.equal(text.split(id).length - 1, 2);
      assert.deepEqual(outputs?.warnings, [
        { findingId: second, status: 500, title: "Jira", detail: "no sync" },
      ]);
      assert.ok(s.stack.printed.some((line) => line.includes(second) && line.includes("no sync")));
    });
  });

  it("takes e-mails and handles, and sends nothing where a user's e-mail has changed but not the user", async () => {
    await deploy({ findings: 10 }, async (s) => {
      const user = s.emulator.users.find(({ disabled }) => !disabled);
      if (!user) assert.fail("no user");
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: user.email?.toUpperCase() } }), 1);
      assertOwners(s, owned(s.ids, user.id));
      s.emulator.putUser({ ...user, email: "renamed@example.com", handle: "renamed@example.com" });
      s.emulator.requests.reset();
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: user.email?.toUpperCase() } }), 0);
      assert.equal(s.emulator.requests.count(), 0);
      assert.equal(await upCleanly(s, { a: { findingIds: s.ids, assignee: "renamed@example.com" } }), 0);
      assert.equal(s.stack.state.get("a")?.outputs.assigneeId, user.id);
    });
  });

  it("saves a state that is too large for an error, has the program fail, and heals with only the failed ids", async () => {
    await deploy({ findings: 3_000 }, async (s) => {
      const [assignee = ""] = s.users;
      const [bad = ""] = s.ids;
      s.emulator.failFinding(bad, { status: 409, title: "Conflict", detail: "locked", times: 1 });
      const program = { a: { findingIds: s.ids, assignee } };
      const { errors } = await s.stack.up(program);
      assert.ok(errors.get("a")?.message.includes(`${bad}: 409 Conflict: locked`));
      assert.equal(s.stack.state.get("a")?.failed, false, "an error would not have arrived");
      assert.equal(JSON.stringify(s.stack.state.get("a")?.outputs.failures).includes(bad), true);
      s.emulator.requests.reset();
      assert.equal(await upCleanly(s, program), 1);
      assert.deepEqual(s.emulator.requests.all[0]?.findingIds, [bad]);
      assert.equal(s.stack.state.get("a")?.outputs.failure, undefined);
    });
  });
});
