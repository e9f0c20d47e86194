import assert from "node:assert/strict";
import { lagPasses, permit, play, printed, refreshCleanly, upCleanly } from "../../support/play";
import type { Scenario } from "../../support/scenario";

describe("progress", () => {
  it("tells of 10,000 findings how far it is and how long the rate limit holds it back", async () => {
    const rateLimits = { assignee: { limit: 42, periodSeconds: 20 } };
    await play({ findings: 10_000, latencyMs: 200, rateLimits }, async (s, assignee) => {
      await upCleanly(s, { "payments-critical": { findingIds: s.ids, assignee } });
      const lines = s.stack.printed;
      assert.ok(
        lines.some((line) =>
          /^payments-critical: 4,200 of 10,000 findings assigned, waiting \d+ s for the rate limit$/.test(
            line,
          ),
        ),
        printed(s),
      );
    });
  });

  it("keeps a civil pace: no two lines within ten seconds", async () => {
    const rateLimits = { assignee: { limit: 10, periodSeconds: 60 } };
    await play({ findings: 5_000, latencyMs: 200, rateLimits }, async (s, assignee) => {
      const startedAt = s.clock.now();
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      const seconds = (s.clock.now() - startedAt) / 1_000;
      const lines = s.stack.printed.length;
      assert.ok(lines > 1 && lines <= 1 + seconds / 10, `${lines} lines in ${seconds} s`);
    });
  });

  const slowSearch = { search: { limit: 10, periodSeconds: 60 } };

  for (const [name, deployment] of [
    ["a refresh", refreshCleanly],
    ["the looks before a release", (s: Scenario) => upCleanly(s, {})],
  ] as const) {
    it(`advances through ${name}`, async () => {
      await play({ findings: 3_000, latencyMs: 200, rateLimits: slowSearch }, async (s, assignee) => {
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        s.stack.printed.length = 0;
        await deployment(s);
        for (const done of ["1,000", "2,000"]) {
          const line = `a: ${done} of 3,000 findings looked up, waiting `;
          assert.ok(printed(s).includes(line), printed(s));
        }
      });
    });
  }

  it("tells of owners who are looked up under a rate limit", async () => {
    const rateLimits = { users: { limit: 1, periodSeconds: 300 } };
    await play({ findings: 5, latencyMs: 200, rateLimits }, async (s, user) => {
      s.emulator.consume("users", 1);
      const assignee = s.emulator.users.find(({ id }) => id === user)?.email;
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.match(printed(s), /^owners: 0 of 1 user looked up, waiting 4 min \d+ s for the rate limit$/m);
    });
  });

  it("says why a request is sent again, and when", async () => {
    await play({ findings: 5, latencyMs: 200 }, async (s, assignee) => {
      s.emulator.faults.push({ kind: "status", status: 503, times: 7 });
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.match(printed(s), /^a: 0 of 5 findings assigned, retrying after 503 in \d+ s$/m);
    });
  });

  it("adds up resources that come one after another, each quick by itself", async () => {
    await play({ findings: 100, latencyMs: 1_900, parallel: 1 }, async (s, assignee) => {
      const program = Object.fromEntries(
        s.ids.map((id, index) => [`r${index}`, { findingIds: [id], assignee }]),
      );
      const startedAt = s.clock.now();
      await upCleanly(s, program);
      const minutes = (s.clock.now() - startedAt) / 60_000;
      const lines = s.stack.printed.filter((line) => !line.includes(" assigned to "));
      assert.ok(lines.length >= 3 * minutes, `${lines.length} lines in ${minutes} min`);
      const last = lines.findLast((line) => line.includes("resources: "));
      assert.match(last ?? "", /^\d\d resources: \d\d of \d\d findings assigned$/);
    });
  });

  it("is silent for work of less than two seconds", async () => {
    await play({ findings: 250, latencyMs: 200 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.deepEqual(s.stack.printed, [`a: 250 findings assigned to ${assignee}`]);
    });
  });
});

describe("what a list did is said in one line", () => {
  it("names the owner as Datadog does, counts what is unassigned, and is silent where nothing was sent", async () => {
    await play({ findings: 6 }, async (s, user) => {
      const owner = s.emulator.users.find(({ id }) => id === user) ?? assert.fail();
      const linesOf = async (findingIds: readonly string[]) => {
        s.stack.printed.length = 0;
        await upCleanly(s, { audit: { findingIds, assignee: owner.email } });
        return [...s.stack.printed];
      };
      const label = `${owner.name} <${owner.email}>`;
      assert.deepEqual(await linesOf(s.ids.slice(0, 5)), [`audit: 5 findings assigned to ${label}`]);
      assert.deepEqual(await linesOf(s.ids.slice(0, 5)), []);
      const [, ...rest] = s.ids;
      const both = `audit: 1 finding assigned to ${label}; 1 finding unassigned`;
      assert.deepEqual(await linesOf(rest), [both]);
      assert.deepEqual(await linesOf(rest.slice(2)), ["audit: 2 findings unassigned"]);
      s.stack.printed.length = 0;
      await s.stack.destroy();
      assert.deepEqual(s.stack.printed, ["audit: 3 findings unassigned"]);
    });
  });

  it("counts what drifted, and neither what failed nor what somebody else has by now", async () => {
    await play({ findings: 5 }, async (s, user, other) => {
      const [drifted = "", locked = "", given = "", ...rest] = s.ids;
      const program = { audit: { findingIds: [drifted, locked, given, ...rest], assignee: user } };
      await upCleanly(s, program);
      s.emulator.reassignByHand(drifted, other);
      await lagPasses(s);
      await refreshCleanly(s);
      s.stack.printed.length = 0;
      await upCleanly(s, program);
      assert.deepEqual(s.stack.printed, [`audit: 1 finding assigned to ${user}`]);
      s.emulator.failFinding(locked, { status: 409, title: "Conflict" });
      s.emulator.reassignByHand(given, other);
      await lagPasses(s);
      s.stack.printed.length = 0;
      await s.stack.destroy();
      assert.ok(s.stack.printed.includes("audit: 3 findings unassigned"), printed(s));
    });
  });
});

describe("errors say what happened, to which findings, why, and what to do", () => {
  it("with the first ten findings and the count of the others", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      const bad = s.ids.slice(0, 25).sort();
      for (const id of bad) s.emulator.failFinding(id, { status: 409, title: "Conflict", detail: "locked" });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      const lines = errors.get("a")?.message.split("\n") ?? [];
      assert.deepEqual(lines, [
        `25 of 100 findings could not be assigned to ${assignee}; 75 succeeded`,
        `409 Conflict: locked: 25 findings: ${bad.slice(0, 3).join(", ")}, and 22 more`,
        "next: run the same command again: it sends only what is left",
      ]);
    });
  });

  it("with the permission that is missing", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      permit(s, "read", "users");
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      const message = errors.get("a")?.message ?? "";
      assert.match(message, /^3 of 3 findings could not be assigned to .*; nothing was changed/);
      assert.match(
        message,
        /next: give the application key the permission security_monitoring_findings_write or appsec_vm_write/,
      );
    });
  });

  it("with what is not known where the answer was lost", async () => {
    await play({ findings: 3, config: { "datadog:httpClientRetryMaxRetries": "0" } }, async (s, assignee) => {
      s.emulator.faults.push({ kind: "applied-but-answer-lost" });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      assert.match(
        errors.get("a")?.message ?? "",
        /^3 of 3 findings could not be assigned to .*; it is not known whether Datadog changed them\nNo answer: /,
      );
    });
  });

  it("with what was released apart, and the id that was probably meant", async () => {
    await play({ findings: 20 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      const [meant = "", ...rest] = s.ids;
      const typo = `${meant.slice(0, 9)}_${meant.slice(10)}`;
      const { errors } = await s.stack.up({ a: { findingIds: [typo, ...rest], assignee } });
      assert.deepEqual(errors.get("a")?.message.split("\n"), [
        `1 of 1 finding could not be assigned to ${assignee}; 1 finding was unassigned`,
        `${typo}: 404 Not Found: Datadog knows no such finding`,
        `Datadog shows no finding ${typo}; did you mean ${meant}?`,
        'next: take findings that no longer exist out of the program, or set onMissing: "ignore"; run the same command again: it sends only what is left',
      ]);
    });
  });

  it("of both, assignments and releases, each with its own numbers", async () => {
    await play({ findings: 9 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids.slice(0, 4), assignee } });
      await lagPasses(s);
      for (const id of [s.ids[0], s.ids[1], s.ids[8]])
        s.emulator.failFinding(id ?? "", { status: 409, title: "Conflict" });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids.slice(3), assignee } });
      const [first] = errors.get("a")?.message.split("\n") ?? [];
      const couldNot = `1 of 5 findings could not be assigned to ${assignee}; 4 succeeded`;
      assert.equal(first, `${couldNot}; 2 of 3 findings could not be unassigned; 1 succeeded`);
    });
  });

  it("without counting as done what does not exist and is left out", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      const [first = "", bad = ""] = s.ids;
      const onMissing = "ignore";
      await upCleanly(s, { a: { findingIds: [first], assignee, onMissing } });
      s.emulator.failFinding(bad, { status: 409, title: "Conflict" });
      const findingIds = [...s.ids, "gone1", "gone2"];
      const { errors } = await s.stack.up({ a: { findingIds, assignee, onMissing } });
      assert.match(
        errors.get("a")?.message ?? "",
        /^1 of 4 findings could not be assigned to .*; 1 succeeded/,
      );
    });
  });

  it("with who may be the assignee, where Datadog knows no such user", async () => {
    await play({ findings: 3 }, async (s) => {
      const assignee = "00000000-0000-4000-8000-000000000000";
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      assert.match(
        errors.get("a")?.message ?? "",
        /next: declare an active user of this organisation as the assignee/,
      );
    });
  });

  it("without the advice to repeat a release that Datadog refuses as such", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      s.emulator.faults.push({ kind: "status", status: 400, match: { family: "search" } });
      const { errors } = await s.stack.destroy();
      const message = errors.get("a")?.message ?? "";
      assert.match(message, /^3 of 3 findings could not be unassigned; nothing was changed/);
      assert.match(message, /next: check the ids and the assignee, .*; the same command again does not help/);
      assert.doesNotMatch(message, /run the same command again/);
    });
  });

  it("of a delete, with what could not be unassigned", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      s.emulator.failFinding(s.ids[0] ?? "", { status: 409, title: "Conflict", detail: "locked" });
      const { errors } = await s.stack.up({});
      const message = errors.get("a")?.message ?? "";
      assert.match(message, /^1 of 3 findings could not be unassigned; 2 succeeded/);
      assert.ok(message.includes(`${s.ids[0]}: 409 Conflict: locked`), message);
    });
  });
});
