import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvRows } from "../../../provider/cli/csv";
import {
  type EmulatedTeam,
  type EmulatorServer,
  SimulatedClock,
  seedFindings,
  seedUsers,
  startEmulator,
} from "../../emulator";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

const START = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;
const users = seedUsers();
const [ada, ben, chloe] = users;
const findings = seedFindings({ count: 60, teams: ["payments", "web"] });
const of = (team: string) => findings.filter(({ tags }) => tags.includes(`team:${team}`));

/** Ada is on call until 08:00, then Ben. */
const payments: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000001",
  handle: "payments",
  name: "Payments",
  memberIds: [ada?.id ?? "", ben?.id ?? ""],
  onCall: { shifts: [[ada?.id ?? ""], [ben?.id ?? ""]], shiftMs: 8 * HOUR, startsAt: START },
};
const night: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000002",
  handle: "night",
  name: "Night",
  memberIds: [ben?.id ?? ""],
  onCall: [ben?.id ?? ""],
};
const schedule = {
  id: "5c4ed000-0000-4000-8000-000000000001",
  teamIds: [payments.id],
  onCall: payments.onCall ?? [],
};

describe("what the report says of owners", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-report-"));
  const file = join(folder, "ownership.yaml");
  let server: EmulatorServer;

  beforeEach(async () => {
    const clock = new SimulatedClock(START);
    server = await startEmulator({ clock, findings, users, teams: [payments, night], schedules: [schedule] });
  });
  afterEach(() => server.close());
  after(() => rmSync(folder, { recursive: true }));

  async function report(rules: readonly object[], ...args: string[]): Promise<string> {
    writeFileSync(file, JSON.stringify({ rules }));
    const { code, out, err } = await runCommand(emulatorEnvironment(server), ["report", file, ...args]);
    assert.equal(code, 0, err);
    return out;
  }

  it("is until when who is on call is it, by the schedules of the team", async () => {
    for (const { id } of of("payments").slice(0, 3)) server.emulator.reassignByHand(id, ada?.id ?? "");
    const rules = [
      { name: "pay", query: "team:payments", assignee: "on-call:payments" },
      { name: "rest", query: "*", assignee: "on-call:night" },
    ];
    const lines = (await report(rules)).replaceAll("\\", "").split("\n");
    const list = lines.slice(lines.indexOf("On call now:") + 2);
    assert.deepEqual(list.slice(0, 2), [
      "- Ada Moreau <ada.moreau@example.com>: for payments until 2026-11-26 08:00 UTC, owner of 3 findings",
      "- Ben Okafor <ben.okafor@example.com>: for night, owner of 0 findings",
    ]);
    const html = await report(rules, "--format", "html");
    assert.match(html, /<h2 id="on-call-now">On call now<\/h2>/);
    assert.match(
      html,
      /<th [^>]*>Ada Moreau .*<\/th><td [^>]*>payments<\/td><td [^>]*>2026-11-26 08:00 UTC<\/td><td [^>]*>3</,
    );
    const rows = csvRows(await report(rules, "--format", "csv")).map(({ fields }) => fields);
    const statuses = new Set(rows.slice(1).map((fields) => fields.at(-1)));
    assert.deepEqual(statuses, new Set(["active, on call for payments until 2026-11-26 08:00 UTC", ""]));
    const { onCall } = JSON.parse(await report(rules, "--format", "json"));
    assert.deepEqual(onCall, [
      { team: "payments", user: ada?.id, until: "2026-11-26T08:00:00.000Z" },
      { team: "night", user: ben?.id, until: null },
    ]);
  });

  it("costs for who is on call one request for each team, one for all schedules, and one for each schedule", async () => {
    server.emulator.requests.reset();
    await report([{ name: "all", query: "*", assignee: "on-call:payments" }]);
    assert.equal(server.emulator.requests.count({ family: "onCall" }), 3);
    server.emulator.requests.reset();
    await report([{ name: "all", query: "*", assignee: "team:payments" }]);
    assert.equal(server.emulator.requests.count({ family: "onCall" }), 0);
  });

  it("goes on where an owner cannot be found: their findings get no owner, and why", async () => {
    const rules = [
      { name: "pay", query: "team:payments", assignee: "ada.moerau@example.com" },
      { name: "web", query: "team:web", assignee: "team:wbe" },
      { name: "rest", query: "*", assignees: ["nobody@example.com", chloe?.email], pick: "first" },
    ];
    const markdown = (await report(rules)).replaceAll("\\", "");
    assert.match(
      markdown,
      /^\| rule \| owner \| matched \| as declared \| to change \| left alone \| no owner \|$/m,
    );
    const [pay, web] = [of("payments").length, of("web").length];
    assert.ok(markdown.includes(`| pay | ada.moerau@example.com | ${pay} | 0 | 0 | 0 | ${pay} |`), markdown);
    assert.ok(markdown.includes(`| web | team:wbe | ${web} | 0 | 0 | 0 | ${web} |`), markdown);
    assert.match(
      markdown,
      new RegExp(
        `^- rule "pay": .*"ada.moerau@example.com".* did you mean ada.moreau@example.com.*; ${pay} findings get no owner$`,
        "m",
      ),
    );
    assert.match(markdown, /^- rule "web": no team .* has the handle "wbe"; .*findings get no owner$/m);
    assert.match(markdown, /^- rule "rest" passes over an owner: .*nobody@example\.com/m);
    const html = await report(rules, "--format", "html");
    assert.match(html, /<h2 id="rules-to-look-at">/);
    assert.match(html, /<dd>60<\/dd><dt>no owner<\/dt>/);
    assert.doesNotMatch(html, /<th [^>]*>pay<\/th><td [^>]*data-label="findings"/, "it is no change to come");
  });

  it("goes on where the keys may not ask for teams or for who is on call, and names the permission", async () => {
    const { keys } = server.emulator;
    keys.permit("read", "users", "teams");
    const rules = [{ name: "all", query: "*", assignee: "on-call:payments" }];
    assert.match(
      (await report(rules)).replaceAll("\\", ""),
      /^- rule "all": .*on_call_read.*; 60 findings get no owner$/m,
    );
    keys.permit("read", "users");
    const teams = [{ name: "all", query: "*", assignee: "team:payments" }];
    assert.match(
      (await report(teams)).replaceAll("\\", ""),
      /^- rule "all": .*teams_read.*; 60 findings get no owner$/m,
    );
  });

  it("is of a rule that matches nothing what it may have meant, or that others have all of it", async () => {
    const rules = [
      { name: "wrong", query: "severity:critical", assignee: ada?.email },
      { name: "pay", query: "team:payments", assignee: ada?.email },
      { name: "gone", query: "team:web", assignee: ben?.email },
    ];
    const exclude = of("web").map(({ id }) => id);
    writeFileSync(file, JSON.stringify({ rules, exclude }));
    const { out } = await runCommand(emulatorEnvironment(server), ["report", file]);
    const markdown = out.replaceAll("\\", "");
    assert.ok(
      markdown.includes(
        '- rule "wrong": no finding matches `severity:critical`; did you mean `@severity:critical`?',
      ),
      markdown,
    );
    assert.ok(
      markdown.includes('- rule "gone": all that it matches is excluded, or belongs to rules before it'),
    );
    assert.doesNotMatch(markdown, /rule "pay"/);
  });
});
