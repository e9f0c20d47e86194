import assert from "node:assert/strict";
import { parseState } from "../../../provider/assignment/assignmentState";
import { type Answer, type FaultKind, SeededRandom, seedFindings } from "../../emulator";
import { hostileAnswer } from "../../support/hostileAnswer";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  type Program,
  play,
  printed,
  refreshCleanly,
  upCleanly,
} from "../../support/play";
import type { Scenario } from "../../support/scenario";

function tampering(change: (answer: Answer) => Answer): FaultKind {
  return { kind: "tamper", change };
}

/** The answer with other headers than Datadog's. */
function headed(headers: Readonly<Record<string, string>>): FaultKind {
  return tampering((answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }));
}

/** By the state of `a`, ms since the epoch. */
function latestAcceptance(s: Scenario): number {
  const { recentlyAssigned } = outputsOf(s, "a");
  assert.ok(Array.isArray(recentlyAssigned));
  return Date.parse(String(recentlyAssigned[0]?.at));
}

describe("a wrong Date header", () => {
  for (const date of [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 03 Jan 2026 00:00:00 GMT",
  ]) {
    it(`of ${date} is not believed: what a colleague does later is seen, and left alone`, async () => {
      await play({ findings: 3 }, async (s, assignee, other) => {
        const [given = "", gone = "", kept = ""] = s.ids;
        s.emulator.faults.random = () => headed({ date });
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        s.emulator.faults.clear();
        assert.ok(Math.abs(latestAcceptance(s) - s.clock.now()) < 1_000);
        await lagPasses(s);
        s.emulator.reassignByHand(given, other);
        s.emulator.removeFinding(gone);
        await refreshCleanly(s);
        assert.match(printed(s), /a: 1 finding is not as declared/);
        await s.stack.destroy();
        assertOwners(s, [given], other);
        assertOwners(s, [kept], null);
      });
    });
  }

  it("that a state of another machine has from its own clock counts for nothing, and is replaced", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      const program = { a: { findingIds: s.ids.slice(0, 2), assignee } };
      await upCleanly(s, program);
      const stored = s.stack.state.get("a");
      assert.ok(stored);
      const outputs = { ...stored.outputs, recentlyAssigned: [{ at: "9999-12-31T23:59:59.000Z" }] };
      s.stack.state.set("a", { ...stored, outputs });
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.ok(Math.abs(latestAcceptance(s) - s.clock.now()) < 1_000);
    });
  });
});

/**
 * What steers a terminal, turns the direction of writing, starts another line, or is obeyed by a CI system.
 */
const STEERING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]|^\s*::|##\w*\[/u;
const steering = "\u001b[2J\u001b[31m\n::add-mask::\u202e##vso[task.complete]\u2066";

describe("what a person sees", () => {
  const assertHarmless = (lines: readonly string[]) => {
    assert.ok(lines.length > 0);
    for (const line of lines) assert.doesNotMatch(line, STEERING);
  };

  it("of another user's name steers no terminal", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      const id = "00000000-0000-4000-8000-00000000dead";
      const [first] = s.emulator.users;
      assert.ok(first);
      s.emulator.putUser({ ...first, id, name: `Eve${steering}` });
      await lagPasses(s);
      s.emulator.reassignByHand(s.ids[0] ?? "", id);
      await s.stack.destroy();
      assert.match(printed(s), /given it to another user: .*\(Eve /);
      assertHarmless(s.stack.printed);
    });
  });

  it("of finding ids steers no terminal, while the ids themselves stay what they are", async () => {
    const id = `::error::x${steering}`;
    await play({ findings: 3 }, async (s, assignee) => {
      const [finding] = seedFindings({ count: 1, seed: 9 });
      assert.ok(finding);
      s.emulator.addFindings([{ ...finding, id }]);
      const findingIds = [id, ...s.ids];
      await upCleanly(s, { a: { findingIds, assignee } });
      assertOwners(s, [id], assignee);
      s.emulator.removeFinding(id);
      await lagPasses(s);
      await refreshCleanly(s);
      assert.match(printed(s), /the search does not show 1 finding/);
      const failed = await s.stack.up({ a: { findingIds, assignee } });
      const twice = await s.stack.up({
        a: { findingIds, assignee },
        b: { findingIds, assignee: s.users[1] },
      });
      const messages = [...failed.errors.values(), ...twice.errors.values()].flatMap(({ message }) =>
        message.split("\n"),
      );
      assertHarmless([...s.stack.printed, ...messages]);
    });
  });

  it("of near matches steers no terminal, and a name that merely looks like the declared one is not it", async () => {
    await play({ findings: 3 }, async (s) => {
      const [first, second] = s.emulator.users;
      assert.ok(first && second);
      s.emulator.putUser({ ...first, email: "duty@example.com\u202e", handle: "duty@example.com\u202e" });
      s.emulator.putUser({ ...second, email: "duty@example.net", handle: "duty\u001b[31m" });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee: "duty@example.com" } });
      const { message = "" } = errors.get("a") ?? {};
      assert.match(message, /no user of this Datadog organisation .*did you mean .*duty@example\.com/);
      assertHarmless(message.split("\n"));
    });
  });
});

describe("answers with any header and any value", () => {
  const LIVES = 80;

  /** Creates, changes, looks at and releases findings while a share of the answers is hostile. */
  const live = (seed: number) => {
    const random = new SeededRandom(seed);
    const config = { "datadog:httpClientRetryMaxRetries": String(random.pick([0, 2])) };
    return play({ findings: 12, seed, latencyMs: 20, config }, async (s, assignee, other) => {
      const { emulator, stack, ids } = s;
      const email = emulator.users.find(({ id }) => id === other)?.email ?? other;
      const one: Program = {
        a: { findingIds: ids.slice(0, 5), assignee },
        b: { findingIds: ids.slice(5, 8), assignee: email, onMissing: "ignore" },
      };
      const two: Program = { ...one, a: { findingIds: ids.slice(2, 5), assignee: other } };
      const share = random.pick([0.2, 0.5, 1]);
      emulator.faults.random = () => (random.next() < share ? tampering(hostileAnswer(random)) : undefined);
      const steps = [
        () => stack.up(one),
        () => stack.up(two),
        () => stack.refresh(),
        () => stack.up({}),
        () => stack.up(one),
      ];
      for (const step of steps) {
        const { errors } = await step();
        for (const error of errors.values()) assert.ok(!(error instanceof TypeError), error.stack);
        for (const { outputs } of stack.state.values()) parseState(outputs);
        assert.equal(Reflect.get({}, "polluted"), undefined);
      }
      for (const line of stack.printed) assert.doesNotMatch(line, STEERING);
      const declared = new Set(ids.slice(0, 8));
      for (const id of emulator.touched) assert.ok(declared.has(id), `${id} was touched`);

      emulator.faults.clear();
      const [given = ""] = ids;
      await lagPasses(s);
      await refreshCleanly(s);
      await upCleanly(s, one);
      assertOwners(s, ids.slice(0, 5), assignee);
      assertOwners(s, ids.slice(5, 8), other);
      await lagPasses(s);
      emulator.reassignByHand(given, other);
      await stack.destroy();
      assertOwners(s, [given], other);
    });
  };

  it(`crash no step of a life and corrupt no state: the declared owners are reached afterwards (${LIVES} lives)`, async () => {
    for (let seed = 1; seed <= LIVES; seed++) {
      await live(seed).catch((error: unknown) => {
        throw new Error(`life ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
      });
    }
  });
});
