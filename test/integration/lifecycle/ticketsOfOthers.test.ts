import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

/** As the seeded users have it. */
const PERSON = "Farid Haddad";

type Args = Record<string, unknown>;

/** Two findings of one ticket that nobody has assigned yet: `free` is nobody's, and `taken` a person's. */
async function sharedTicket() {
  const stack = new OwnersStack({ findings: 20 });
  const of = (wanted: string) => stack.findings.find(({ severity }) => severity === wanted)?.id ?? "";
  const [free, taken] = [of("high"), of("critical")];
  const person = stack.user(5);
  stack.emulator.reassignByHand(taken, person);
  const key = "PROJ-7";
  const { id } = stack.emulator.tickets.create({ system: "jira", issueKey: key });
  stack.emulator.tickets.attach(id, [free, taken]);
  assert.deepEqual([stack.emulator.ownerOf(free), stack.emulator.ownerOf(taken)], [null, person]);
  await stack.settle();
  return { stack, free, taken, person, key };
}

type World = Awaited<ReturnType<typeof sharedTicket>>;

function high({ stack }: World, options: Args = {}) {
  return { name: "high", query: "@severity:high", assignee: stack.user(0), ...options };
}

describe("a person's finding that shares a ticket with one of a rule without overwrite", () => {
  const rules: Record<string, (world: World) => Args> = {
    "that another rule leaves alone": (world) => ({
      rules: [high(world), { name: "rest", query: "*", assignee: world.stack.user(0) }],
    }),
    "that another rule would give to somebody else": (world) => ({
      rules: [high(world), { name: "rest", query: "*", assignee: world.stack.user(1) }],
    }),
    "in exclude": (world) => ({ exclude: [world.taken], rules: [high(world)] }),
    "outside of the scope": (world) => ({ scope: "@severity:high", rules: [high(world)] }),
    "of a rule with the owner none": (world) => ({
      rules: [high(world), { name: "rest", query: "*", assignee: "none" }],
    }),
  };

  for (const [which, args] of Object.entries(rules)) {
    it(`${which}, stays with the person, which is told and no failure`, async () => {
      const world = await sharedTicket();
      const { stack, free, taken, person, key } = world;
      await stack.up(args(world));
      assert.deepEqual(
        [free, taken].map((id) => stack.emulator.ownerOf(id)),
        [null, person],
      );
      const line = stack.printed.find((each) => each.includes('1 finding of rule "high" left alone')) ?? "";
      for (const part of [free, taken, key, PERSON]) assert.ok(line.includes(part), line);
      const others = stack.findings.filter(({ severity, id }) => severity === "high" && id !== free);
      for (const { id } of others) assert.equal(stack.emulator.ownerOf(id), stack.user(0));
      stack.emulator.requests.reset();
      assert.equal((await stack.up(args(world))).changed, false);
      assert.equal(stack.emulator.requests.count("assignee"), 0);
    });
  }

  it("is not counted as a change", async () => {
    const world = await sharedTicket();
    const { stack } = world;
    const own = stack.findings.filter(({ severity }) => severity === "high").length - 1;
    await stack.up({ rules: [high(world)], maxChanges: own });
    assert.equal(stack.held(0).length, own);
  });

  it("goes along where its owner is the one from whom the rule takes its own", async () => {
    const world = await sharedTicket();
    const { stack, free, taken } = world;
    stack.emulator.reassignByHand(taken, stack.user(0));
    await stack.settle();
    await stack.up({ rules: [high(world)] });
    await stack.settle();
    stack.printed.length = 0;
    await stack.up({ rules: [high(world, { assignee: stack.user(1) })] });
    for (const id of [free, taken]) assert.equal(stack.emulator.ownerOf(id), stack.user(1));
    assert.match(stack.printed.join("\n"), /1 other finding changes owner through a shared ticket, 1 from /);
  });
});

describe("a person's finding that shares a ticket", () => {
  it("follows a finding of a rule with overwrite, and it is told whose it is", async () => {
    const world = await sharedTicket();
    const { stack, free, taken } = world;
    await stack.up({ rules: [high(world, { overwrite: true })] });
    for (const id of [free, taken]) assert.equal(stack.emulator.ownerOf(id), stack.user(0));
    const line =
      stack.printed.find((each) => each.includes("1 other finding changes owner through a shared ticket")) ??
      "";
    for (const part of [taken, PERSON]) assert.ok(line.includes(part), line);
  });

  it("follows a finding of a list, which asks nothing for it", async () => {
    const { stack, free, taken } = await sharedTicket();
    stack.emulator.requests.reset();
    await stack.deploy({ a: { findingIds: [free], assignee: stack.user(0) } });
    for (const id of [free, taken]) assert.equal(stack.emulator.ownerOf(id), stack.user(0));
    assert.equal(stack.emulator.requests.count("search"), 0);
  });

  const releases: Record<string, (stack: OwnersStack, ours: string) => readonly [Args, Args | undefined]> = {
    "a destroy of a list": (stack, ours) => [
      { a: { findingIds: [ours], assignee: stack.user(0) } },
      undefined,
    ],
    "an id that leaves a list": (stack, ours) => {
      const findingIds = [ours, ...stack.findings.slice(2, 4).map(({ id }) => id)];
      const assignee = stack.user(0);
      return [{ a: { findingIds, assignee } }, { a: { findingIds: findingIds.slice(1), assignee } }];
    },
    "a destroy of rules": (stack, ours) => [
      { a: { rules: [{ name: "one", query: `@finding_id:"${ours}"`, assignee: stack.user(0) }] } },
      undefined,
    ],
    releaseRemoved: (stack, ours) => {
      const rule = { name: "one", query: `@finding_id:"${ours}"`, assignee: stack.user(0) };
      const none = { name: "none", query: "team:nobody-has-this", assignee: stack.user(0) };
      const rules = (...all: Args[]) => ({ a: { rules: all, releaseRemoved: true } });
      return [rules(rule, none), rules(none)];
    },
  };
  for (const [which, programs] of Object.entries(releases)) {
    it(`stays with the person when ours is to be released by ${which}, and it is told`, async () => {
      const stack = new OwnersStack({ findings: 20 });
      const [ours = "", theirs = ""] = stack.findings.map(({ id }) => id);
      const [before, after] = programs(stack, ours);
      await stack.deploy(before as never);
      stack.emulator.reassignByHand(theirs, stack.user(5));
      const key = "PROJ-7";
      const { id } = stack.emulator.tickets.create({ system: "jira", issueKey: key });
      stack.emulator.tickets.attach(id, [ours, theirs]);
      await stack.settle();
      stack.printed.length = 0;
      if (after) await stack.deploy(after as never);
      else await stack.destroy();
      assert.deepEqual(
        [ours, theirs].map((each) => stack.emulator.ownerOf(each)),
        [stack.user(0), stack.user(5)],
      );
      const line = stack.printed.find((each) => each.includes("1 finding keeps its owner, since")) ?? "";
      for (const part of [ours, theirs, key, PERSON]) assert.ok(line.includes(part), line);
    });
  }
});
