import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 30 });
const ids = findings.map(({ id }) => id);
const isSettled = 20 * 60_000;

interface Line {
  readonly id: string;
  readonly from?: { readonly id: string; readonly name?: string } | null;
  readonly to: { readonly id: string; readonly name?: string } | null;
  readonly resource: string;
  readonly rule?: string;
  readonly acceptedAt: string;
}

describe("the evidence of changes", () => {
  let stack: OwnershipStack;
  beforeEach(() => {
    stack = new OwnershipStack(findings);
    stack.writesChanges = true;
  });
  const user = (index: number) => stack.idOf(stack.email(index));

  /** The lines since the last call, by finding. */
  function newLines(): Map<string, Line> {
    const lines = stack.changes.splice(0).map((text): Line => {
      assert.ok(text.endsWith("\n") && text.indexOf("\n") === text.length - 1);
      return JSON.parse(text);
    });
    assert.equal(new Set(lines.map(({ id }) => id)).size, lines.length, "a finding has one line");
    return new Map(lines.map((line) => [line.id, line]));
  }

  it("of a list says who had each finding, for one search of 100, and leaves out what did not change", async () => {
    const [given = "", same = "", free = ""] = ids;
    stack.emulator.reassignByHand(given, user(1));
    stack.emulator.reassignByHand(same, user(0));
    await stack.wait(isSettled);
    stack.emulator.requests.reset();
    await stack.deploy({ pins: { findingIds: ids.slice(0, 10), assignee: stack.email(0) } });
    assert.equal(stack.emulator.requests.count({ family: "search" }), 1);
    const lines = newLines();
    assert.equal(lines.size, 9);
    assert.deepEqual(lines.get(given)?.from, { id: user(1), name: "Ben Okafor" });
    assert.equal(lines.get(free)?.from, null);
    assert.ok(!lines.has(same));
    for (const { to, resource, rule, acceptedAt } of lines.values()) {
      assert.deepEqual(to, { id: user(0), name: "Ada Moreau", email: "ada.moreau@example.com" });
      assert.deepEqual([resource, rule], ["pins", undefined]);
      assert.ok(Math.abs(Date.parse(acceptedAt) - stack.clock.now()) < 60_000);
    }
    await stack.wait(isSettled);
    await stack.deploy({ pins: { findingIds: ids.slice(1, 10), assignee: stack.email(0) } });
    const [released, ...others] = newLines().values();
    assert.deepEqual([released?.id, released?.from?.id, released?.to, others], [given, user(0), null, []]);
  });

  it("of rules names the rule, and costs no request", async () => {
    const count = async (writesChanges: boolean) => {
      const each = new OwnershipStack(findings);
      each.writesChanges = writesChanges;
      each.emulator.reassignByHand(ids[0] ?? "", each.idOf(each.email(1)));
      await each.wait(isSettled);
      each.emulator.requests.reset();
      const rules = [{ name: "all", query: "*", assignee: each.email(0), overwrite: true }];
      await each.deploy({ security: { rules } });
      return { requests: each.emulator.requests.count(), changes: each.changes };
    };
    const silent = await count(false);
    const { requests, changes } = await count(true);
    assert.equal(requests, silent.requests);
    assert.deepEqual(silent.changes, []);
    const lines = changes.map((text): Line => JSON.parse(text));
    assert.deepEqual(lines.map(({ id }) => id).sort(), [...ids].sort());
    assert.ok(lines.every(({ rule, resource }) => rule === "all" && resource === "security"));
    assert.equal(lines.find(({ id }) => id === ids[0])?.from?.id, user(1));
    assert.ok(lines.filter(({ id }) => id !== ids[0]).every(({ from }) => from === null));
  });

  it("of what goes over to a rule names that rule and its resource", async () => {
    await stack.deploy({ pins: { findingIds: ids, assignee: stack.email(0) } });
    await stack.wait(isSettled);
    newLines();
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(1) }] } });
    const lines = newLines();
    assert.equal(lines.size, ids.length);
    for (const { from, to, resource, rule } of lines.values()) {
      assert.deepEqual([from?.id, to?.id, resource, rule], [user(0), user(1), "security", "all"]);
    }
  });

  it("of rules that go says from whom they are released", async () => {
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(1) }] } });
    await stack.wait(isSettled);
    newLines();
    await stack.deploy({});
    const lines = newLines();
    assert.equal(lines.size, ids.length);
    for (const { from, to, resource } of lines.values()) {
      assert.deepEqual([from?.id, to, resource], [user(1), null, "security"]);
    }
  });

  it("of a list does not say who had the findings where the keys may not search, and is told", async () => {
    stack.emulator.faults.push({ match: { family: "search" }, kind: "status", status: 403, times: 50 });
    await stack.deploy({ pins: { findingIds: ids.slice(0, 3), assignee: user(0) } });
    assert.ok(
      stack.printed.some((line) =>
        /^pins: datadog:changesFile will lack the former owners of the findings: /.test(line),
      ),
    );
    const lines = newLines();
    assert.equal(lines.size, 3);
    assert.ok([...lines.values()].every((line) => !("from" in line)));
  });
});
