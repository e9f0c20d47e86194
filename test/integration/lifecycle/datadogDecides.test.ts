import assert from "node:assert/strict";
import { claimFindings } from "../../../provider/assignment/declaredTwice";
import { seedUsers } from "../../emulator";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  play,
  printed,
  refreshCleanly,
  requestsOf,
  upCleanly,
} from "../../support/play";
import { type Scenario, scenario } from "../../support/scenario";

const OTHER_ORGANISATION = "0b5f1c1e-1d1f-4a66-9d57-5f3d8a1f0c02";
const HERE = { host: "api.datadoghq.com", keyDigest: "aaaaaaaaaaaa" };

function emailOf(s: Scenario, userId: string): string {
  return s.emulator.users.find(({ id }) => id === userId)?.email ?? "";
}

describe("only this process's own acceptance leaves a change out", () => {
  it("a new stack sends everything, also where an earlier deployment has sent the same a moment ago", async () => {
    await play({ findings: 250 }, async (s, user) => {
      const program = { a: { findingIds: s.ids, assignee: user } };
      await upCleanly(s, program);
      s.emulator.restart();
      s.stack.state.clear();
      assert.equal(await requestsOf(s, () => upCleanly(s, program)), 3);
      assertOwners(s, s.ids, user);
    });
  });

  it("what a colleague has unassigned is assigned again by a resource of another name", async () => {
    await play({ findings: 20 }, async (s, user) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      for (const id of s.ids) s.emulator.reassignByHand(id, null);
      s.stack.state.clear();
      await upCleanly(s, { renamed: { findingIds: s.ids, assignee: user } });
      assertOwners(s, s.ids, user);
    });
  });
});

describe("a finding that the search does not show", () => {
  for (const refreshed of [false, true]) {
    it(`is unassigned by a destroy${refreshed ? " after a refresh" : ""}`, async () => {
      await play({ findings: 20 }, async (s, user) => {
        const [hidden = "", hiddenToo = ""] = s.ids;
        s.emulator.hideFinding(hidden);
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        s.emulator.hideFinding(hiddenToo);
        await lagPasses(s);
        if (refreshed) {
          await refreshCleanly(s);
          assert.match(printed(s), /a: the search does not show 2 findings: gone, hidden from these keys/);
          assert.ok(printed(s).includes(hidden) && printed(s).includes(hiddenToo));
        }
        await s.stack.destroy();
        assertOwners(s, s.ids, null);
        assert.equal(s.stack.state.size, 0);
      });
    });
  }

  it("is unassigned where it leaves the program", async () => {
    await play({ findings: 20 }, async (s, user) => {
      const [hidden = "", ...rest] = s.ids;
      s.emulator.hideFinding(hidden);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: rest, assignee: user } });
      assertOwners(s, [hidden], null);
      assertOwners(s, rest, user);
    });
  });

  it("counts as released only where the PATCH says 404, and is told", async () => {
    await play({ findings: 20 }, async (s, user) => {
      const [gone = "", ...rest] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.removeFinding(gone);
      await s.stack.destroy();
      assert.ok(
        printed(s).includes(`a: 1 finding no longer exists and counts as released: ${gone}`),
        printed(s),
      );
      assertOwners(s, rest, null);
    });
  });

  it("is released also after a refresh during a lag of 8 minutes", async () => {
    await play({ findings: 20, searchLagMs: 8 * 60_000 }, async (s, user) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await s.clock.sleep(6 * 60_000);
      await refreshCleanly(s);
      await s.stack.destroy();
      assertOwners(s, s.ids, null);
    });
  });
});

describe("a 202 with failures of findings that were not sent", () => {
  it("confirms nothing: what failed is found, reported and sent again", async () => {
    await play({ findings: 100 }, async (s, user) => {
      const [failing = "", ...rest] = s.ids;
      s.emulator.settings.idInProblems = (id) => id.replace(/=+$/, "").concat("x");
      s.emulator.failFinding(failing, { status: 409, title: "Conflict", detail: "locked", times: 1_000 });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      assert.match(errors.get("a")?.message ?? "", /^1 of 100 findings could not be assigned/);
      assert.ok(errors.get("a")?.message.includes(failing));
      assertOwners(s, rest, user);
      assert.deepEqual(outputsOf(s, "a").findingIds, [...rest].sort());
      assert.ok(s.emulator.requests.count() <= 32, `${s.emulator.requests.count()} requests`);
    });
  });

  it("is about a finding that was sent only where it has its very id, == included", async () => {
    await play({ findings: 20 }, async (s, user) => {
      const padded = s.ids.find((id) => id.endsWith("=")) ?? assert.fail("no id ends with =");
      s.emulator.settings.idInProblems = (id) => id.replace(/=+$/, "");
      s.emulator.failFinding(padded, { status: 409, title: "Conflict", detail: "locked", times: 1_000 });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      assert.ok(errors.get("a")?.message.includes(padded), errors.get("a")?.message);
      assertOwners(s, [padded], null);
      const others = s.ids.filter((id) => id !== padded);
      assertOwners(s, others, user);
      assert.deepEqual(outputsOf(s, "a").findingIds, others.sort());
    });
  });

  it("does not empty the state of a destroy whose findings stayed assigned", async () => {
    await play({ findings: 10 }, async (s, user) => {
      const [failing = ""] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.settings.idInProblems = () => "something-else";
      s.emulator.failFinding(failing, { status: 409, title: "Conflict", detail: "locked", times: 1_000 });
      const { errors } = await s.stack.destroy();
      assert.ok(errors.get("a")?.message.includes(failing), errors.get("a")?.message);
      assert.equal(s.stack.state.size, 1);
    });
  });
});

describe("an owner whose time of assignment is unknown", () => {
  for (const form of ["zero", "absent", "garbage"] as const) {
    it(`keeps the finding on a destroy, and is told (updated_at ${form})`, async () => {
      await play({ findings: 10, updatedAtForm: form }, async (s, user, other) => {
        const [foreign = "", ...rest] = s.ids;
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        s.emulator.reassignByHand(foreign, other);
        await s.clock.sleep(10_000);
        await s.stack.destroy();
        assertOwners(s, [foreign], other);
        assertOwners(s, rest, null);
        assert.match(printed(s), /a: 1 finding left alone, because the search shows another owner: /);
        assert.ok(printed(s).includes(foreign));
      });
    });
  }

  for (const form of ["ms", "seconds", "iso"] as const) {
    it(`does not matter where it is known to be before ours (updated_at ${form})`, async () => {
      await play({ findings: 10, updatedAtForm: form, searchLagMs: 60_000 }, async (s, user, other) => {
        for (const id of s.ids) s.emulator.reassignByHand(id, other);
        await lagPasses(s);
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        await s.clock.sleep(5_000);
        await s.stack.destroy();
        assertOwners(s, s.ids, null);
      });
    });
  }
});

describe("an assignee that says nothing", () => {
  for (const nobodyForm of ["absent", "null", "without-id"] as const) {
    it(`is nobody, whom a refresh tells of and a destroy does not wait for (${nobodyForm})`, async () => {
      await play({ findings: 10, nobodyForm }, async (s, user) => {
        const [freed = ""] = s.ids;
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        s.emulator.reassignByHand(freed, null);
        await lagPasses(s);
        await refreshCleanly(s);
        assert.ok(printed(s).includes(`a: 1 finding is not as declared, nobody owns it now: ${freed}`));
        const { errors } = await s.stack.destroy();
        assert.deepEqual([...errors.values()], []);
        assertOwners(s, s.ids, null);
      });
    });
  }
});

describe("a refresh within the lag of the search", () => {
  it("says what is not counted as changed by hand, and when to refresh again", async () => {
    await play({ findings: 3, searchLagMs: 120_000 }, async (s, user) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await s.clock.sleep(30_000);
      const before = JSON.stringify(outputsOf(s, "a"));
      await refreshCleanly(s);
      assert.match(
        printed(s),
        /a: 3 findings were assigned less than 5 minutes ago, and the search shows them without an owner: either the search lags, or somebody has unassigned them since; they do not count as changed by hand yet; run pulumi refresh again after \d\d:\d\d UTC/,
      );
      assert.equal(JSON.stringify(outputsOf(s, "a")), before);
    });
  });

  it("says the same time whenever it comes: 5 minutes after the assignment, in the next full minute", async () => {
    await play({ findings: 3 }, async (s, user) => {
      // 20 seconds into a minute.
      await s.clock.sleep(80_000 - (s.clock.now() % 60_000));
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      const known = new Date(s.clock.now() + 340_000).toISOString().slice(11, 16);
      const [freed = ""] = s.ids;
      s.emulator.reassignByHand(freed, null);
      for (const wait of [10_000, 90_000, 120_000]) {
        await s.clock.sleep(wait);
        await refreshCleanly(s);
        const told = s.stack.printed.filter((line) => line.includes("refresh again"));
        assert.equal(told.length, 1, printed(s));
        assert.match(told[0] ?? "", /1 finding was assigned .* shows it without an owner: /);
        assert.ok(told[0]?.endsWith(`refresh again after ${known} UTC: ${freed}`), told[0]);
        s.stack.printed.length = 0;
      }
      await s.clock.sleep(120_000);
      await refreshCleanly(s);
      assert.match(printed(s), /a: 1 finding is not as declared, nobody owns it now/);
    });
  });
});

describe("another organisation", () => {
  /** The same state with the keys of another organisation. */
  function elsewhere(s: Scenario, keyDigest = "bbbbbbbbbbbb", host = HERE.host): Scenario {
    const other = scenario({
      findings: 20,
      seed: 2,
      organisationId: OTHER_ORGANISATION,
      users: seedUsers({ seed: 2 }),
      account: { host, keyDigest },
    });
    for (const [name, resource] of s.stack.state) other.stack.state.set(name, resource);
    return other;
  }

  it("is told apart by the state, which has the host, and the organisation as soon as a user was looked up", async () => {
    const s = scenario({ findings: 2, organisationId: OTHER_ORGANISATION, account: HERE });
    const [user = ""] = s.users;
    await s.clock.run(upCleanly(s, { a: { findingIds: s.ids, assignee: user } }));
    assert.deepEqual(outputsOf(s, "a").account, HERE);
    await s.clock.run(upCleanly(s, { a: { findingIds: s.ids.slice(1), assignee: emailOf(s, user) } }));
    assert.deepEqual(outputsOf(s, "a").account, { ...HERE, organisationId: OTHER_ORGANISATION });
  });

  for (const known of ["looked up by e-mail", "given by UUID"] as const) {
    for (const step of ["up", "update", "refresh", "destroy"] as const) {
      it(`is refused by ${step} before anything is sent, naming both (owner ${known})`, async () => {
        const s = scenario({ findings: 20, account: HERE });
        const [user = ""] = s.users;
        const assignee = known === "given by UUID" ? user : emailOf(s, user);
        const program = { a: { findingIds: s.ids, assignee } };
        await s.clock.run(upCleanly(s, program));
        const there = elsewhere(s);
        const deploy = {
          up: () => there.stack.up(program),
          update: () => there.stack.up({ a: { findingIds: s.ids.slice(1), assignee } }),
          refresh: () => there.stack.refresh(),
          destroy: () => there.stack.destroy(),
        }[step];
        const { errors } = await there.clock.run(deploy());
        const message = errors.get("a")?.message ?? "";
        assert.match(
          message,
          /^a: its findings belong to .*: nothing was sent; to stay .* restore its datadog:site/,
        );
        assert.ok(message.includes(OTHER_ORGANISATION) || message.includes("whose id is not known"), message);
        assert.equal(there.emulator.requests.count("assignee"), 0);
        assert.equal(there.stack.state.size, 1);
        assertOwners(s, s.ids, user);
      });
    }
  }

  for (const step of ["up", "refresh", "destroy"] as const) {
    it(`behind another datadog:site or datadog:apiUrl is refused by ${step}, naming both hosts`, async () => {
      const s = scenario({ findings: 20, account: HERE });
      const [user = ""] = s.users;
      const program = { a: { findingIds: s.ids, assignee: user } };
      await s.clock.run(upCleanly(s, program));
      const there = elsewhere(s, HERE.keyDigest, "api.datadoghq.eu");
      const { errors } = await there.clock.run(step === "up" ? there.stack.up(program) : there.stack[step]());
      const message = errors.get("a")?.message ?? "";
      assert.match(
        message,
        /belong to .* at api\.datadoghq\.com\b.*, .*api\.datadoghq\.eu\b.*: nothing was sent/,
      );
      assert.equal(there.emulator.requests.count("assignee"), 0);
      assert.equal(there.stack.state.size, 1);
      assertOwners(s, s.ids, user);
    });
  }

  it("is where all findings are 404 and nobody knows their owner: a destroy is an error, and keeps the state", async () => {
    const s = scenario({ findings: 20, account: { host: HERE.host } });
    const [user = ""] = s.users;
    await s.clock.run(upCleanly(s, { a: { findingIds: s.ids, assignee: user } }));
    const there = scenario({
      findings: 20,
      seed: 2,
      organisationId: OTHER_ORGANISATION,
      users: seedUsers({ seed: 2 }),
      account: { host: HERE.host },
    });
    for (const [name, resource] of s.stack.state) there.stack.state.set(name, resource);
    const { errors } = await there.clock.run(there.stack.destroy());
    assert.match(errors.get("a")?.message ?? "", /which knows no such user: nothing was sent/);
    assert.equal(there.stack.state.size, 1);
    assertOwners(s, s.ids, user);
  });

  it("is not what rotated keys of the same organisation are: nothing changes, at the cost of one look-up", async () => {
    const s = scenario({ findings: 20, account: HERE });
    const [user = ""] = s.users;
    const program = Object.fromEntries(
      s.ids.map((id, at) => [`r${at}`, { findingIds: [id], assignee: emailOf(s, user) }]),
    );
    await s.clock.run(upCleanly(s, program));
    const rotated = scenario({ findings: 20, account: { ...HERE, keyDigest: "cccccccccccc" } });
    for (const [name, resource] of s.stack.state) rotated.stack.state.set(name, resource);
    const { changed, errors } = await rotated.clock.run(rotated.stack.up(program));
    assert.deepEqual([...errors.values()], []);
    assert.deepEqual([changed.size, rotated.stack.state.size], [0, 20]);
    assert.deepEqual(
      rotated.emulator.requests.all.map(({ family }) => family),
      ["users"],
    );
  });
});

describe("resources of one name in two components", () => {
  it("that declare a finding by UUID and by e-mail for two users are refused", async () => {
    await play({ findings: 1 }, async (s, user, other) => {
      const session = s.openSession();
      const inputs = { findingIds: s.ids, onMissing: "fail", resourceName: "same" } as const;
      claimFindings(session, { ...inputs, assignee: user }, user);
      assert.throws(
        () => claimFindings(session, { ...inputs, assignee: emailOf(s, other) }, other),
        /declared twice/,
      );
    });
  });
});

describe("a finding that moves to a resource which fails", () => {
  it("is released by the former resource once the program drops it", async () => {
    await play({ findings: 2 }, async (s, user, other) => {
      const [moved = "", stays = ""] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.failFinding(moved, { status: 403, title: "Forbidden", detail: "", times: 1_000 });
      const { errors } = await s.stack.up({
        a: { findingIds: [stays], assignee: user },
        b: { findingIds: [moved], assignee: other },
      });
      assert.ok(errors.has("b"));
      assertOwners(s, [moved], user);
      s.emulator.reset();
      await upCleanly(s, { a: { findingIds: [stays], assignee: user } });
      assertOwners(s, [moved], null);
      assertOwners(s, [stays], user);
    });
  });

  it("costs nothing more where the other resource succeeds", async () => {
    await play({ findings: 200 }, async (s, user, other) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      const after = {
        a: { findingIds: s.ids.slice(0, 100), assignee: user },
        b: { findingIds: s.ids.slice(100), assignee: other },
      };
      assert.equal(await requestsOf(s, () => upCleanly(s, after)), 1);
      assert.equal(await requestsOf(s, () => upCleanly(s, after)), 0);
    });
  });
});

describe("findings of one ticket", () => {
  it("are not released while another one of the ticket is declared, and that is told", async () => {
    await play({ findings: 3 }, async (s, user) => {
      const [one = "", other = "", free = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, [one, other]);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: [other], assignee: user } });
      assertOwners(s, [one, other], user);
      assertOwners(s, [free], null);
      assert.match(
        printed(s),
        /a: 1 finding keeps its owner, since the program declares .* of the same ticket PROJ-12345/,
      );
      await s.stack.destroy();
      assertOwners(s, s.ids, null);
    });
  });

  it("are not released where it cannot be seen which these are; the failure names them, and the rest is saved", async () => {
    await play({ findings: 3 }, async (s, user) => {
      const [one = "", other = "", late = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira" });
      s.emulator.tickets.attach(ticket.id, [one, other]);
      await upCleanly(s, { a: { findingIds: [one, other], assignee: user } });
      await lagPasses(s);
      let searches = 0;
      s.emulator.faults.random = ({ family }) =>
        family === "search" && ++searches === 2 ? { kind: "status", status: 400 } : undefined;
      const { errors } = await s.stack.up({ a: { findingIds: [other, late], assignee: user } });
      s.emulator.faults.random = undefined;
      assert.ok(errors.get("a")?.message.includes(one), errors.get("a")?.message);
      assertOwners(s, s.ids, user);
      assert.deepEqual(outputsOf(s, "a").findingIds, [other, late].sort());
      await s.stack.destroy();
      assertOwners(s, s.ids, null);
    });
  });

  it("that a person changed through the ticket are told with it", async () => {
    await play({ findings: 3 }, async (s, user, other) => {
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, s.ids);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.tickets.assign(ticket.id, other);
      await lagPasses(s);
      await refreshCleanly(s);
      assert.match(
        printed(s),
        /a: 3 findings have the ticket PROJ-12345, whose findings Datadog gives to one owner/,
      );
    });
  });

  it("and for two users are refused where a look-up has shown the ticket", async () => {
    await play({ findings: 2 }, async (s, user, other) => {
      const [one = "", two = ""] = s.ids;
      const session = s.openSession();
      session.tickets.note(one, { id: "t", key: "PROJ-7" });
      session.tickets.note(two, { id: "t", key: "PROJ-7" });
      const inputs = { onMissing: "fail", resourceName: "a" } as const;
      claimFindings(session, { ...inputs, findingIds: [one], assignee: user }, user);
      assert.throws(
        () => claimFindings(session, { ...inputs, findingIds: [two], assignee: other }, other),
        (error: Error) =>
          error.message.includes("PROJ-7") && error.message.includes(one) && error.message.includes(two),
      );
    });
  });
});

describe("owners who leave", () => {
  it("are told of by a refresh, with how many findings are theirs", async () => {
    await play({ findings: 12 }, async (s, user) => {
      const owner = s.emulator.users.find(({ id }) => id === user);
      assert.ok(owner);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: owner.email } });
      await lagPasses(s);
      s.emulator.putUser({ ...owner, disabled: true });
      await refreshCleanly(s);
      assert.match(
        printed(s),
        /a: warning: the user .* is disabled in Datadog .*; 12 findings of this resource are with/,
      );
    });
  });

  it("and whose e-mail belongs to another user are told of by a refresh, with how many findings are theirs", async () => {
    await play({ findings: 12 }, async (s, user) => {
      const owner = s.emulator.users.find(({ id }) => id === user) ?? assert.fail();
      await upCleanly(s, { a: { findingIds: s.ids, assignee: owner.email } });
      await lagPasses(s);
      s.emulator.putUser({ ...owner, email: "former@example.com", handle: "former@example.com" });
      s.emulator.putUser({ ...owner, id: "11111111-2222-4333-8444-555555555555" });
      await refreshCleanly(s);
      assert.match(
        printed(s),
        /a: warning: .* belongs to another user now .*; 12 findings of this resource are with/,
      );
    });
  });

  it("are looked up once by a refresh, whatever the number of resources", async () => {
    await play({ findings: 12 }, async (s, user) => {
      const assignee = emailOf(s, user);
      await upCleanly(
        s,
        Object.fromEntries(s.ids.map((id, at) => [`r${at}`, { findingIds: [id], assignee }])),
      );
      await lagPasses(s);
      s.emulator.requests.reset();
      await refreshCleanly(s);
      assert.equal(s.emulator.requests.all.filter(({ family }) => family === "users").length, 1);
    });
  });

  it("and a finding that Datadog will not release does not block without a way out", async () => {
    await play({ findings: 5 }, async (s, user) => {
      const [locked = ""] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.refuseFinding(locked);
      const { errors } = await s.stack.destroy();
      const message = errors.get("a")?.message ?? "";
      assert.ok(message.includes(locked), message);
      assert.match(message, /to give up the resource .* run `pulumi state delete URN`/);
      assert.match(message, /`--exclude URN`/);
    });
  });
});

describe("our own clock", () => {
  for (const minutes of [-10, 10]) {
    it(`that is ${Math.abs(minutes)} minutes ${minutes < 0 ? "slow" : "fast"} changes no result`, async () => {
      await play({ findings: 10, searchLagMs: 60_000, skewMs: minutes * 60_000 }, async (s, user, other) => {
        const [foreign = "", ...rest] = s.ids;
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        await s.clock.sleep(2_000);
        s.emulator.reassignByHand(foreign, other);
        await s.clock.sleep(90_000);
        await refreshCleanly(s);
        assert.match(printed(s), /a: 1 finding is not as declared/);
        await s.stack.destroy();
        assertOwners(s, [foreign], other);
        assertOwners(s, rest, null);
      });
    });
  }
});
