import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

type Rule = Record<string, unknown>;

const all = (owners: Rule, more: Rule = {}) => ({ rules: [{ name: "all", query: "*", ...owners, ...more }] });

async function upFails(stack: OwnersStack, args: Rule): Promise<string> {
  const error: unknown = await stack.up(args).then(
    () => assert.fail("it went through"),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message : String(error);
}

describe("a rule with several owners", () => {
  it("spreads findings evenly; any of them is right", async () => {
    const stack = new OwnersStack();
    const args = all({ assignees: [stack.mail(0), stack.mail(1), stack.user(2)] });
    await stack.up(args);
    const counts = stack.counts();
    assert.deepEqual(Object.keys(counts), ["0", "1", "2"]);
    for (const count of Object.values(counts)) assert.ok(count >= 70 && count <= 130, JSON.stringify(counts));
    await stack.settle();
    stack.emulator.reassignByHand(stack.held(0)[0] ?? "", stack.user(2));
    await stack.settle();
    assert.deepEqual(await stack.up(args), { changed: false });
  });

  it("gives those with a larger weight more", async () => {
    const stack = new OwnersStack();
    await stack.up(all({ assignees: [{ assignee: stack.mail(0), weight: 4 }, stack.mail(1)] }));
    const { 0: most = 0, 1: least = 0 } = stack.counts();
    assert.ok(most > 2.5 * least, `${most} and ${least}`);
  });

  it("says how many findings stay with the former owner, who is among the new ones, for one request", async () => {
    const stack = new OwnersStack({ findings: 40 });
    stack.team("payments", [0, 1, 2]);
    const assigned = all({ assignee: stack.mail(0) });
    const team = all({ assignee: "team:payments" });
    await stack.up(assigned);
    await stack.settle();
    stack.printed.length = 0;
    await stack.preview(team);
    const line =
      /all -> team:payments: 40 findings stay with Ada Moreau( <\S+>)?, who is one of the new owners, too/;
    assert.match(stack.printed.join("\n"), line);
    await stack.up(team);
    assert.deepEqual(stack.counts(), { 0: 40 });
    await stack.settle();
    stack.printed.length = 0;
    await stack.preview(team);
    assert.doesNotMatch(stack.printed.join("\n"), / stay with /);
  });

  it("shares all findings anew after an up that releases them", async () => {
    const stack = new OwnersStack({ findings: 90 });
    stack.team("payments", [0, 1, 2]);
    await stack.up(all({ assignee: stack.mail(0) }));
    await stack.settle();
    await stack.up({ ...all({ assignee: "team:payments", enabled: false }), releaseRemoved: true });
    assert.deepEqual(stack.counts(), { nobody: 90 });
    await stack.settle();
    await stack.up({ ...all({ assignee: "team:payments" }), releaseRemoved: true });
    assert.deepEqual(Object.keys(stack.counts()), ["0", "1", "2"]);
  });

  it("takes nothing from anybody for one who joins, and gives the new one what comes", async () => {
    const stack = new OwnersStack();
    await stack.up(all({ assignees: [stack.mail(0), stack.mail(1)] }));
    await stack.settle();
    const before = stack.emulator.owners();
    const joined = all({ assignees: [stack.mail(0), stack.mail(1), stack.mail(2)] });
    await stack.up(joined);
    assert.deepEqual(stack.emulator.owners(), before);
    for (const id of stack.held(0).slice(0, 60)) stack.emulator.reassignByHand(id, null);
    await stack.settle();
    await stack.up(joined);
    assert.ok(stack.held(2).length > 5);
  });

  it("spreads what one had who leaves the list or the company over the others, and touches nothing else", async () => {
    for (const leave of ["list", "company"]) {
      const stack = new OwnersStack();
      const [one, two, three] = [0, 1, 2].map((index) => stack.mail(index));
      await stack.up(all({ assignees: [one, two, three] }));
      await stack.settle();
      const before = stack.emulator.owners();
      const left = stack.held(2);
      if (leave === "company") stack.disable(2);
      const printed = stack.printed.length;
      await stack.up(all({ assignees: leave === "list" ? [one, two] : [one, two, three] }));
      for (const [id, owner] of stack.emulator.owners()) {
        if (!left.includes(id)) assert.equal(owner, before.get(id));
      }
      assert.equal(stack.held(2).length, 0);
      const taken = left.filter((id) => stack.held(0).includes(id)).length;
      assert.ok(taken > left.length / 4 && taken < (left.length * 3) / 4);
      const told = stack.printed.slice(printed).some((line) => /is disabled in Datadog/.test(line));
      assert.equal(told, leave === "company");
    }
  });

  it("gives all to the first who is active, with pick: first", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [2, 3]);
    const args = all({ assignees: [stack.mail(0), "team:payments"], pick: "first" });
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 0: 300 });
    await stack.settle();
    stack.disable(0);
    await stack.up(args);
    assert.deepEqual(Object.keys(stack.counts()), ["2", "3"]);
  });

  it("fails where one does not exist, and takes the next one with pick: first", async () => {
    const stack = new OwnersStack();
    const owners = ["ada.moerau@example.com", stack.mail(1)];
    const message = await upFails(stack, all({ assignees: owners }));
    assert.match(
      message,
      /rule "all": no user .* "ada\.moerau@example\.com"; did you mean ada\.moreau@example\.com\?/,
    );
    assert.deepEqual(stack.counts(), { nobody: 300 });
    await stack.up(all({ assignees: owners, pick: "first" }));
    assert.deepEqual(stack.counts(), { 1: 300 });
  });
});

describe("a rule with a team as owner", () => {
  it("spreads findings over the active members, and finds any of them right", async () => {
    const stack = new OwnersStack();
    stack.disable(3);
    stack.team("payments", [0, 1, 2, 3]);
    await stack.up(all({ assignee: "team:payments" }));
    assert.deepEqual(Object.keys(stack.counts()), ["0", "1", "2"]);
    await stack.settle();
    assert.deepEqual(await stack.up(all({ assignee: "team:payments" })), { changed: false });
  });

  it("takes back only what members had who left the team", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0, 1, 2]);
    await stack.up(all({ assignee: "team:payments" }));
    await stack.settle();
    const before = stack.emulator.owners();
    const left = stack.held(1);
    stack.team("payments", [0, 2, 5]);
    await stack.up(all({ assignee: "team:payments" }));
    for (const [id, owner] of stack.emulator.owners()) {
      if (!left.includes(id)) assert.equal(owner, before.get(id));
    }
    assert.equal(stack.held(1).length, 0);
    assert.ok(stack.held(5).length > 0);
  });

  it("leaves alone what a person gave to somebody outside of the team, unless it overwrites", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0, 1]);
    await stack.up(all({ assignee: "team:payments" }));
    await stack.settle();
    const [given = ""] = stack.held(0);
    stack.emulator.reassignByHand(given, stack.user(7));
    await stack.settle();
    assert.deepEqual(await stack.up(all({ assignee: "team:payments" })), { changed: false });
    await stack.up(all({ assignee: "team:payments", overwrite: true }));
    assert.notEqual(stack.emulator.ownerOf(given), stack.user(7));
  });

  it("fails alone where the team has no active members or does not exist, and says what to do", async () => {
    const stack = new OwnersStack();
    stack.disable(3);
    stack.team("payments", [3]);
    const rules = (owner: string) => ({
      rules: [
        { name: "high", query: "@severity:high", assignee: owner },
        { name: "rest", query: "*", assignee: stack.mail(0) },
      ],
    });
    const message = await upFails(stack, rules("team:payments"));
    assert.match(message, /rule "high": the team "payments" has no active members; add one in Datadog/);
    assert.ok(stack.held(0).length > 200);
    assert.ok(stack.held(null).length > 20);
    await stack.settle();
    assert.match(await upFails(stack, rules("team:paymnets")), /did you mean payments\?/);
  });

  it("releases on destroy what its members have", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0, 1, 2]);
    await stack.up(all({ assignee: "team:payments" }));
    await stack.settle();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 300 });
  });

  it("needs the permission teams_read, which is named", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0]);
    stack.permit("read", "write");
    assert.match(await upFails(stack, all({ assignee: "team:payments" })), /permission teams_read/);
  });
});

describe("a rule whose owner is on call", () => {
  it("gives what is new to who is on call now, and leaves with others what they were given: keep", async () => {
    const stack = new OwnersStack({ findings: 200 });
    // 7 and 8 are on call, and no members
    stack.rotation("payments", [0, 1], [[7], [8], [0]]);
    const args = all({ assignee: "on-call:payments" });
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 7: 200 });
    await stack.wait(3_600_000);
    assert.deepEqual(await stack.up(args), { changed: false });
    for (const id of stack.held(7).slice(0, 30)) stack.emulator.reassignByHand(id, null);
    await stack.settle();
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 7: 170, 8: 30 });
    await stack.wait(3_600_000);
    for (const id of stack.held(7).slice(0, 20)) stack.emulator.reassignByHand(id, null);
    await stack.settle();
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 0: 20, 7: 150, 8: 30 });
    assert.deepEqual(await stack.up(args), { changed: false });
    await stack.settle();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 200 });
  });

  it("gives all to who is on call now: move", async () => {
    const stack = new OwnersStack({ findings: 200 });
    stack.rotation("payments", [0, 1], [[7], [8, 9]]);
    const args = all({ assignee: "on-call:payments", handOver: "move" });
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 7: 200 });
    await stack.wait(3_600_000);
    await stack.up(args);
    const counts = stack.counts();
    assert.deepEqual(Object.keys(counts), ["8", "9"]);
    assert.ok((counts[8] ?? 0) > 60 && (counts[9] ?? 0) > 60);
  });

  it("fails where nobody is on call, leaves what is right, and goes on as soon as somebody is", async () => {
    const stack = new OwnersStack({ findings: 200 });
    stack.rotation("payments", [0], [[7], []]);
    const args = all({ assignee: "on-call:payments" });
    await stack.up(args);
    await stack.wait(3_600_000);
    for (const id of stack.held(7).slice(0, 10)) stack.emulator.reassignByHand(id, null);
    await stack.settle();
    const message = await upFails(stack, args);
    assert.match(message, /nobody is on call for the team "payments"; fill its schedule in Datadog/);
    assert.deepEqual(stack.counts(), { 7: 190, nobody: 10 });
    await stack.wait(3_600_000);
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 7: 200 });
  });

  it("goes to the next of a chain where nobody is on call, and stays there", async () => {
    const stack = new OwnersStack({ findings: 100 });
    stack.rotation("payments", [0], [[], [7]]);
    const args = all({ assignees: ["on-call:payments", stack.mail(3)], pick: "first", overwrite: true });
    await stack.up(args);
    assert.deepEqual(stack.counts(), { 3: 100 });
    await stack.wait(3_600_000);
    assert.deepEqual(await stack.up(args), { changed: false });
  });

  it("needs the permission on_call_read, which is named, and says what has no On-Call", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0], [0]);
    stack.emulator.settings.hasOnCall = false;
    assert.match(await upFails(stack, all({ assignee: "on-call:payments" })), /has no On-Call/);
    stack.emulator.settings.hasOnCall = true;
    stack.permit("read", "teams");
    assert.match(await upFails(stack, all({ assignee: "on-call:payments" })), /permission on_call_read/);
  });
});

describe("a rule with the owner none", () => {
  it("claims findings and leaves them alone, so that later rules do not get them", async () => {
    const stack = new OwnersStack();
    const [given = ""] = stack.held(null);
    const args = {
      rules: [
        { name: "accepted", query: "@severity:(low OR info)", assignee: "none" },
        { name: "rest", query: "*", assignee: stack.mail(0), overwrite: true },
      ],
    };
    stack.emulator.reassignByHand(given, stack.user(5));
    await stack.settle();
    const before = stack.emulator.owners();
    await stack.up(args);
    const low = seeded(stack, ["low", "info"]);
    assert.ok(low.length > 20);
    for (const id of low) assert.equal(stack.emulator.ownerOf(id), before.get(id));
    assert.equal(stack.held(0).length, 300 - low.length);
    await stack.settle();
    assert.deepEqual(await stack.up(args), { changed: false });
    await stack.destroy();
    for (const id of low) assert.equal(stack.emulator.ownerOf(id), before.get(id));
  });

  it("leaves findings with the owner whom the rule gave them to before", async () => {
    const stack = new OwnersStack();
    await stack.up(all({ assignee: stack.mail(0) }));
    await stack.settle();
    await stack.up(all({ assignee: "none" }));
    assert.deepEqual(stack.counts(), { 0: 300 });
  });
});

function seeded(stack: OwnersStack, severities: readonly string[]): string[] {
  return stack.findings.filter(({ severity }) => severities.includes(severity)).map(({ id }) => id);
}

describe("a destroy releases what rules gave away", () => {
  it("to who was on call and is no member of the team, also after the rule has got another owner", async () => {
    const stack = new OwnersStack();
    stack.team("payments", [0, 1], [7]);
    await stack.up(all({ assignee: "on-call:payments" }));
    await stack.settle();
    assert.deepEqual(stack.counts(), { 7: 300 });
    stack.team("payments", [0, 1], [8]);
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 300 });
    await stack.up(all({ assignee: "on-call:payments" }));
    await stack.settle();
    assert.deepEqual(stack.counts(), { 8: 300 });
    await stack.up(all({ assignee: stack.mail(2) }));
    assert.deepEqual(stack.counts(), { 2: 300 });
  });

  it("and a later rule leaves alone: because its owner is none, or because somebody else had it in between", async () => {
    for (const later of ["none", 3]) {
      const stack = new OwnersStack();
      const rule = (name: string, assignee: string) => ({ rules: [{ name, query: "*", assignee }] });
      await stack.up(rule("one", stack.mail(1)));
      await stack.settle();
      // In between no rule matches anything, and the second look at the first rule is over.
      if (later !== "none") {
        const two = { rules: [{ name: "two", query: "team:nowhere", assignee: stack.mail(2) }] };
        for (let time = 0; time < 2; time++) {
          await stack.up(two);
          await stack.settle();
        }
      }
      await stack.up(rule("three", later === "none" ? "none" : stack.mail(3)));
      await stack.settle();
      assert.deepEqual(stack.counts(), { 1: 300 });
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 300 });
    }
  });
});

describe("what goes over to a rule from another resource", () => {
  for (const assignee of ["team:payments", "on-call:payments"]) {
    it(`goes to owners whom the state of the rule knows, so that a destroy releases it: ${assignee}`, async () => {
      const stack = new OwnersStack({ findings: 20 });
      stack.team("payments", [0, 1], [0]);
      const security = all({ assignee });
      const findingIds = stack.findings.map(({ id }) => id);
      await stack.deploy({ security, pins: { findingIds, assignee: stack.mail(5) } });
      await stack.settle();
      stack.team("payments", [0, 1, 2, 3], [7]);
      await stack.deploy({ security });
      await stack.settle();
      assert.ok([2, 3, 7].every((user) => stack.counts()[user] === undefined));
      if (assignee === "on-call:payments")
        assert.match(
          stack.printed.join("\n"),
          /pins: 20 findings wait for the next pulumi up, when a rule takes them: /,
        );
      await stack.deploy({ security });
      await stack.settle();
      assert.equal(stack.counts()["nobody"], undefined);
      stack.team("payments", [0, 1], [0]);
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 20 });
    });
  }

  for (const assignee of ["team:payments", "on-call:payments"]) {
    for (const order of ["pins first", "rules first"]) {
      for (const options of [
        {},
        { staggerMs: 1 },
        { staggerMs: 30 },
        { staggerMs: 400 },
        { inOrder: true },
      ]) {
        const how = `${assignee}, ${order}, ${JSON.stringify(options)}`;
        it(`is known to the state of the rule, also where a list shrinks before the rule is compared: ${how}`, async () => {
          const stack = new OwnersStack({ findings: 20, latencyMs: 100 });
          stack.team("payments", [0, 1], [0]);
          const security = all({ assignee });
          const ids = stack.findings.map(({ id }) => id);
          const pins = (findingIds: readonly string[]) => ({ findingIds, assignee: stack.mail(5) });
          const program = (findingIds: readonly string[]) =>
            order === "pins first"
              ? { pins: pins(findingIds), security }
              : { security, pins: pins(findingIds) };
          await stack.deploy(program(ids));
          await stack.settle();
          stack.team("payments", [0, 1, 2, 3], [7]);
          await stack.deploy(program(ids.slice(0, 2)), options);
          await stack.settle();
          await stack.deploy(program(ids.slice(0, 2)));
          await stack.settle();
          assert.equal(stack.counts()["nobody"], undefined);
          stack.team("payments", [0, 1], [0]);
          await stack.destroy();
          assert.deepEqual(stack.counts(), { nobody: 20 });
        });
      }
    }
  }

  it("is released after a rule's e-mail has passed to another user, and a list shrinks at the same time", async () => {
    for (const options of [{}, { staggerMs: 400 }, { inOrder: true }]) {
      const stack = new OwnersStack({ findings: 20, latencyMs: 100 });
      const mail = stack.mail(1);
      const ids = stack.findings.map(({ id }) => id);
      const program = (pinned: number) => ({
        pins: { findingIds: ids.slice(0, pinned), assignee: stack.user(5) },
        security: all({ assignee: mail }),
      });
      await stack.deploy(program(10));
      await stack.settle();
      const [former, present] = [1, 7].map((index) =>
        stack.emulator.users.find(({ id }) => id === stack.user(index)),
      );
      assert.ok(former && present);
      stack.emulator.putUser({ ...former, email: "old@example.com", handle: "old@example.com" });
      stack.emulator.putUser({ ...present, email: mail, handle: mail });
      await stack.deploy(program(2), options);
      await stack.settle();
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 20 });
    }
  });

  it("is released where the list's own user is an owner whom the state of the rule does not know", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.team("payments", [0, 1]);
    const security = all({ assignee: "team:payments" });
    const findingIds = stack.findings.map(({ id }) => id);
    await stack.deploy({ security, pins: { findingIds, assignee: stack.mail(2) } });
    await stack.settle();
    stack.team("payments", [0, 1, 2]);
    await stack.deploy({ security });
    await stack.settle();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 20 });
  });
});

describe("rules of two resources of which one has just taken findings over from a third owner", () => {
  it("are refused although the search still shows that owner", async () => {
    const stack = new OwnersStack({ findings: 20, searchLagMs: 60_000 });
    await stack.deploy({ one: all({ assignee: stack.mail(1) }) });
    await stack.settle();
    const program = { one: all({ assignee: stack.mail(2) }), other: all({ assignee: stack.mail(3) }) };
    await assert.rejects(stack.deploy(program, { inOrder: true }), /a finding has one owner/);
  });
});

describe("what a list has released in the same deployment", () => {
  for (const timesOf of ["known", "unknown"]) {
    it(`goes to the rule whose owner the search still shows, with ${timesOf} times`, async () => {
      const stack = new OwnersStack({
        findings: 20,
        searchLagMs: 60_000,
        ...(timesOf === "unknown" && { updatedAtForm: "absent" }),
      });
      const findingIds = stack.findings.map(({ id }) => id);
      const pins = (ids: readonly string[]) => ({ findingIds: ids, assignee: stack.mail(1) });
      await stack.deploy({ pins: pins(findingIds) });
      await stack.settle();
      const security = all({ assignees: [stack.mail(1), stack.mail(2)] });
      await stack.deploy({ pins: pins(findingIds.slice(0, 2)), security }, { inOrder: true });
      assert.deepEqual(stack.counts(), { 1: 20 });
      await stack.settle();
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 20 });
    });
  }
});

describe("what a person sees of rules", () => {
  it("is what was assigned to whom, what was left alone and whose that is, and what failed", async () => {
    const stack = new OwnersStack();
    stack.disable(3);
    stack.team("empty", [3]);
    for (const id of stack.held(null).slice(0, 5)) stack.emulator.reassignByHand(id, stack.user(7));
    for (const id of stack.held(null).slice(0, 2)) stack.emulator.reassignByHand(id, stack.user(8));
    await stack.settle();
    const rules = [
      { name: "critical", query: "@severity:critical", assignee: "team:empty" },
      { name: "rest", query: "*", assignees: [stack.mail(0), stack.mail(1)] },
    ];
    const printed = stack.printed.length;
    await upFails(stack, { rules });
    const lines = stack.printed.slice(printed);
    const { 0: ada = 0, 1: ben = 0, nobody = 0 } = stack.counts();
    const shares = [
      `${ada} to Ada Moreau <ada.moreau@example.com>`,
      `${ben} to Ben Okafor <ben.okafor@example.com>`,
    ];
    const ordered = ada >= ben ? shares : shares.reverse();
    assert.ok(
      lines.includes(`security: ${ada + ben} findings assigned: ${ordered.join(", ")}`),
      lines.join("\n"),
    );
    assert.ok(lines.includes(`security: ${nobody} findings failed`), lines.join("\n"));
    const left = "7 findings left alone, owned by others: 5 by Hugo Almeida, 2 by Ines Carvalho";
    assert.ok(lines.includes(`security: ${left}`), lines.join("\n"));
    assert.equal(stack.outputs?.total, ada + ben);
    const preview = lines.filter((line) => line.startsWith("  "));
    assert.ok(preview.includes(`  ${left}`));
    assert.ok(
      preview.some((line) => /^ {4}to Ada Moreau <ada\.moreau@example\.com> \d+, Ben Okafor/.test(line)),
    );
  });

  it("names a rule that nothing matches, with what was meant, where it is new or changed, and asks for no others", async () => {
    const stack = new OwnersStack();
    const web = { name: "web", query: "severity:critical", assignee: stack.mail(1) };
    const rest = { name: "rest", query: "*", assignee: stack.mail(0) };
    const warning =
      '  warning: rule "web": no finding matches `severity:critical`; did you mean `@severity:critical`?';
    await stack.up({ rules: [web, rest] });
    assert.ok(stack.printed.includes(warning), stack.printed.join("\n"));
    await stack.settle();
    const printed = stack.printed.length;
    stack.emulator.requests.reset();
    assert.deepEqual(await stack.up({ rules: [web, rest] }), { changed: false });
    assert.ok(!stack.printed.slice(printed).includes(warning));
    assert.ok(stack.emulator.requests.count() <= 3);
    await stack.up({ rules: [{ ...web, query: "severity:high" }, rest] });
    assert.ok(stack.printed.some((line) => line.includes("did you mean `@severity:high`?")));
  });
});

describe("maxChangesPerOwner", () => {
  it("refuses more for one user before anything is sent, and says for whom", async () => {
    const stack = new OwnersStack();
    const args = { ...all({ assignees: [stack.mail(0), stack.mail(1)] }), maxChangesPerOwner: 100 };
    const message = await upFails(stack, args);
    assert.match(
      message,
      /refused: 1\d\d findings would go to Ada Moreau <ada\.moreau@example\.com>, but maxChangesPerOwner is 100; /,
    );
    assert.deepEqual(stack.counts(), { nobody: 300 });
    await stack.up({ ...args, maxChangesPerOwner: 200 });
    assert.equal(stack.counts()["nobody"], undefined);
  });
});
