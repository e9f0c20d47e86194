import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvRows } from "../../../provider/cli/csv";
import { type EmulatorServer, seedFindings, startEmulator } from "../../emulator";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

const HOSTILE = '</td><script>alert(1)</script> "x" & =1+1';

describe("the formats of the report", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-report-"));
  const findings = seedFindings({ count: 40, teams: ["payments", "web"] }).map((finding, index) =>
    index === 0 ? { ...finding, title: HOSTILE, tags: ["team:none"] } : finding,
  );
  const ofPayments = findings.filter(({ tags }) => tags.includes("team:payments"));
  const ofWeb = findings.filter(({ tags }) => tags.includes("team:web"));
  let server: EmulatorServer;
  let rules: string;

  beforeEach(async () => {
    server = await startEmulator({ findings });
    const [pay, web] = server.emulator.users;
    rules = join(folder, "ownership.yaml");
    writeFileSync(
      rules,
      `rules:
  - { name: "pay<b>", query: "team:payments", assignee: ${pay?.email} }
  - { name: web, query: "team:web", assignee: ${web?.email}, overwrite: true }
`,
    );
  });
  afterEach(() => server.close());
  after(() => rmSync(folder, { recursive: true }));

  const userId = (index: number) => server.emulator.users[index]?.id ?? assert.fail();
  const id = (list: readonly { id: string }[], index: number) => list[index]?.id ?? assert.fail();

  async function report(...args: string[]): Promise<string> {
    const { code, out, err } = await runCommand(emulatorEnvironment(server), ["report", rules, ...args]);
    assert.equal(code, 0, err);
    return out;
  }

  it("csv has a row for each finding, with no formula in it", async () => {
    server.emulator.reassignByHand(id(ofPayments, 0), userId(2));
    const [head, ...rows] = csvRows(await report("--format", "csv")).map(({ fields }) => fields);
    assert.deepEqual(head, [
      "finding",
      "title",
      "severity",
      "rule",
      "declared owner",
      "state",
      "owner",
      "owner's status",
    ]);
    assert.equal(rows.length, findings.length);
    const row = (finding: string) => rows.find(([each]) => each === finding)?.slice(3);
    const [pay, web, third] = server.emulator.users;
    assert.deepEqual(row(id(ofPayments, 0)), [
      "pay<b>",
      pay?.email,
      "left alone",
      `${third?.name} <${third?.email}>`,
      "active",
    ]);
    assert.deepEqual(row(id(ofWeb, 0)), ["web", web?.email, "to change", "nobody", ""]);
    assert.deepEqual(row(id(findings, 0)), ["", "", "no rule", "nobody", ""]);
    assert.ok(rows.flat().every((field) => !/^[=+\-@]/.test(field)));
  });

  it("json is what --since takes: which findings changed owner, from whom to whom", async () => {
    server.emulator.reassignByHand(id(ofPayments, 0), userId(2));
    const old = join(folder, "old.json");
    writeFileSync(old, await report("--format", "json"));
    assert.match(
      await report("--since", old),
      /^Since 2026-11-26: 0 findings changed owner, 0 appeared, 0 disappeared\.$/m,
    );
    server.emulator.reassignByHand(id(ofPayments, 0), userId(3));
    server.emulator.reassignByHand(id(ofWeb, 0), userId(3));
    server.emulator.reassignByHand(id(ofWeb, 1), userId(3));
    server.emulator.removeFinding(id(ofWeb, 2));
    const name = (index: number) => server.emulator.users[index]?.name;
    const markdown = (await report("--since", old)).replaceAll("\\", "");
    assert.match(markdown, /^Since 2026-11-26: 3 findings changed owner, 0 appeared, 1 disappeared\.$/m);
    assert.match(markdown, new RegExp(`^- 2 from nobody to ${name(3)} <`, "m"));
    assert.match(markdown, new RegExp(`^- 1 from ${name(2)} <.*> to ${name(3)} <`, "m"));
    const rows = csvRows(await report("--since", old, "--format", "csv")).map(({ fields }) => fields[0]);
    assert.deepEqual(new Set(rows), new Set(["finding", id(ofPayments, 0), id(ofWeb, 0), id(ofWeb, 1)]));
    const { changes } = JSON.parse(await report("--since", old, "--format", "json"));
    assert.equal(changes.changed.length, 3);
    assert.match(await report("--since", old, "--format", "html"), /Owners changed since 2026-11-26/);
  });

  it("says that owners are disabled or gone", async () => {
    const [, , third, fourth] = server.emulator.users;
    assert.ok(third && fourth);
    server.emulator.reassignByHand(id(ofPayments, 0), third.id);
    server.emulator.reassignByHand(id(ofPayments, 1), fourth.id);
    server.emulator.putUser({ ...third, disabled: true });
    server.emulator.removeUser(fourth.id);
    const markdown = (await report()).replaceAll("\\", "");
    assert.match(
      markdown,
      new RegExp(`^- ${third.name} <${third.email}>: disabled, owner of 1 finding$`, "m"),
    );
    assert.match(markdown, new RegExp(`^- ${fourth.name}: unknown to Datadog, owner of 1 finding$`, "m"));
    const html = await report("--format", "html");
    assert.match(html, new RegExp(`<th scope="row"[^>]*>${third.name} .*</th><td[^>]*>disabled</td>`));
  });

  it("html is one page without anything from elsewhere, in which data stays data", async () => {
    server.emulator.reassignByHand(id(ofPayments, 0), userId(2));
    const html = await report("--format", "html");
    assert.doesNotMatch(html, /<script|<link|<img|@import|url\(|https?:|src=/);
    assert.ok(html.includes("&#60;/td&#62;&#60;script&#62;alert(1)&#60;/script&#62; &#34;x&#34; &#38; =1+1"));
    assert.ok(html.includes("pay&#60;b&#62;") && !html.includes("pay<b>"));
    for (const title of [
      "Who is to own what",
      "The next deployment changes",
      "Unowned, and no rule claims it",
      "Owners who are not active",
      "Left alone, owned by others",
      "Rules",
    ]) {
      assert.match(html, new RegExp(`<h2 id="[a-z-]+">${title}</h2>`));
    }
    const opened = [...html.matchAll(/<([a-z0-9]+)[^>]*>/g)].map(([, tag]) => tag);
    const closed = [...html.matchAll(/<\/([a-z0-9]+)>/g)].map(([, tag]) => tag);
    const open = opened.filter((tag) => tag !== "meta");
    assert.deepEqual(open.sort(), closed.sort());
    assert.match(html, new RegExp(`<dd>${ofPayments.length - 1 + ofWeb.length}</dd><dt>to change</dt>`));
  });

  it("--output writes the report, over one that is there", async () => {
    const output = join(folder, "report.html");
    assert.equal(await report("--format", "html", "--output", output), `the report is in ${output}`);
    assert.match(readFileSync(output, "utf8"), /^<!DOCTYPE html>/);
    const again = await runCommand(emulatorEnvironment(server), ["report", rules, "--output", output]);
    assert.equal(again.code, 0, again.err);
    assert.match(readFileSync(output, "utf8"), /^\| rule \| owner \|/);
  });

  it("says what is no format, and what is no report", async () => {
    const run = (...args: string[]) => runCommand(emulatorEnvironment(server), ["report", rules, ...args]);
    const format = await run("--format", "pdf");
    assert.equal(format.code, 2);
    assert.match(format.err, /^--format is pdf: the formats are md, json, csv, html; /);
    const file = join(folder, "no-report.json");
    for (const [text, reason] of [
      ["{", /no-report\.json is not JSON: --since takes/],
      ["{}", /no-report\.json is not a report: --since takes/],
    ] as const) {
      writeFileSync(file, text);
      const { code, err } = await run("--since", file);
      assert.equal(code, 1);
      assert.match(err, reason);
    }
    assert.match((await run("--since", join(folder, "absent"))).err, /absent cannot be read: ENOENT/);
  });
});
