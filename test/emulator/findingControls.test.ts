import assert from "node:assert/strict";
import { assign, at, call, foundIds } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings, seedUsers } from "./seed";

const findings = seedFindings({ count: 4 });
const ids = findings.map(({ id }) => id);
const [first = "", second = ""] = ids;
const [ada, ben] = seedUsers();
assert.ok(ada && ben);
const PATH = "/api/v2/security/findings";

describe("emulator: a hidden finding", () => {
  it("is in no search, and is assigned all the same", async () => {
    const emulator = new Emulator({ findings });
    emulator.hideFinding(first);
    assert.equal((await assign(emulator, [first, second], ada.id)).status, 202);
    assert.equal(emulator.ownerOf(first), ada.id);
    assert.deepEqual(await foundIds(emulator, ""), ids.slice(1));
    assert.deepEqual(await foundIds(emulator, `@finding_id:("${first}" OR "${second}")`), [second]);
    assert.deepEqual(at((await call(emulator, "GET", PATH)).body, "data.length"), 3);
    assert.ok(emulator.owners().has(first));
  });

  it("is shown as it is now once it is hidden no more", async () => {
    const emulator = new Emulator({ findings });
    emulator.hideFinding(first);
    await assign(emulator, [first], ada.id);
    emulator.showFinding(first);
    assert.deepEqual(await foundIds(emulator, `@workflow.triage.assignee.id:${ada.id}`), [first]);
  });
});

describe("emulator: a finding that may not be changed", () => {
  it("is a 403 alone, and a failure with 403 among others, which are changed", async () => {
    const emulator = new Emulator({ findings });
    emulator.refuseFinding(first);
    const alone = await assign(emulator, [first], ada.id);
    assert.equal(alone.status, 403);
    assert.equal(at(alone.body, "errors.0.title"), "Forbidden");
    const { status, body } = await assign(emulator, [first, second], ada.id);
    assert.equal(status, 202);
    assert.equal(at(body, "meta.failures.length"), 1);
    assert.deepEqual(
      [at(body, "meta.failures.0.finding_id"), at(body, "meta.failures.0.status")],
      [first, 403],
    );
    assert.deepEqual([emulator.ownerOf(first), emulator.ownerOf(second)], [null, ada.id]);
    emulator.allowFinding(first);
    assert.equal((await assign(emulator, [first], ada.id)).status, 202);
  });
});

describe("emulator: a failure that names another id", () => {
  it("leaves the finding that it is about unchanged", async () => {
    const emulator = new Emulator({ findings });
    emulator.failFinding(first, { status: 400, reportedAs: "an id that nobody sent" });
    const { status, body } = await assign(emulator, ids, ada.id);
    assert.equal(status, 202);
    assert.deepEqual(at(body, "meta.failures"), [
      {
        finding_id: "an id that nobody sent",
        status: 400,
        title: "Bad Request",
        detail: "scripted by a test",
      },
    ]);
    assert.deepEqual(
      ids.map((id) => emulator.ownerOf(id)),
      [null, ada.id, ada.id, ada.id],
    );
  });

  it("may be how Datadog writes all ids", async () => {
    const idInProblems = (id: string) => id.replace(/=+$/, "");
    const emulator = new Emulator({ findings, idInProblems, missingFindings: "failure-per-finding" });
    const padded = "ZGVmLTAwYy1pZXJ-aS0wZg==";
    emulator.refuseFinding(first);
    const { body } = await assign(emulator, [padded, first, second], ada.id);
    assert.equal(at(body, "meta.failures.0.finding_id"), "ZGVmLTAwYy1pZXJ-aS0wZg");
    assert.equal(at(body, "meta.failures.1.finding_id"), idInProblems(first));
    assert.deepEqual(emulator.requests.all.at(-1)?.failedIds, [
      "ZGVmLTAwYy1pZXJ-aS0wZg",
      idInProblems(first),
    ]);
  });
});

describe("emulator: a restart", () => {
  it("forgets what was changed, and keeps the log, the keys and the settings", async () => {
    const emulator = new Emulator({ findings, searchLagMs: 0 });
    emulator.settings.maxPageLimit = 100;
    await assign(emulator, ids, ada.id);
    emulator.hideFinding(first);
    emulator.refuseFinding(second);
    emulator.tickets.attach(emulator.tickets.create().id, [first]);
    emulator.removeUser(ben.id);
    emulator.restart();
    assert.deepEqual(
      ids.map((id) => emulator.ownerOf(id)),
      [null, null, null, null],
    );
    assert.deepEqual([emulator.touched.size, emulator.ownerChanges.length], [0, 0]);
    assert.deepEqual(await foundIds(emulator, ""), ids);
    assert.equal(emulator.tickets.ofFinding(first), undefined);
    assert.equal((await assign(emulator, [second], ben.id)).status, 202);
    assert.deepEqual([emulator.requests.count("assignee"), emulator.settings.maxPageLimit], [2, 100]);
  });

  it("may bring other findings and users", async () => {
    const emulator = new Emulator({ findings });
    const [user] = seedUsers({ seed: 9 });
    assert.ok(user);
    emulator.restart({ findings: seedFindings({ count: 2, seed: 9 }), users: [user] });
    assert.equal(emulator.owners().size, 2);
    assert.deepEqual(emulator.users, [user]);
    assert.equal((await assign(emulator, [first], user.id)).status, 404);
  });
});

describe("emulator: code owners and types of findings", () => {
  it("are what a search can ask for", async () => {
    const [one, two] = findings;
    const three = seedFindings({ count: 20, seed: 2 }).find(({ codeowners }) => codeowners === undefined);
    assert.ok(one && two && three);
    const emulator = new Emulator({
      findings: [
        { ...one, type: "secret", codeowners: ["@org/payments", "@org/security"] },
        { ...two, type: "secret", codeowners: ["@org/web"] },
        { ...three, type: "misconfiguration" },
      ],
    });
    assert.deepEqual(await foundIds(emulator, '@git.codeowners:"@org/payments"'), [one.id]);
    assert.deepEqual(await foundIds(emulator, '@git.codeowners:("@org/web" OR "@org/security")'), [
      one.id,
      two.id,
    ]);
    assert.deepEqual(await foundIds(emulator, "@git.codeowners:@org/*"), [one.id, two.id]);
    assert.deepEqual(await foundIds(emulator, "-@git.codeowners:*"), [three.id]);
    assert.deepEqual(await foundIds(emulator, "@finding_type:(misconfiguration OR attack_path)"), [three.id]);
    const { body } = await call(emulator, "GET", PATH);
    assert.deepEqual(at(body, "data.0.attributes.attributes.custom.git"), {
      codeowners: ["@org/payments", "@org/security"],
    });
  });
});
