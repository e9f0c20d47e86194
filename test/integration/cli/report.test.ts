import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectReport } from "../../../provider/cli/collectReport";
import { markdownReport } from "../../../provider/cli/markdownReport";
import { createFindingsApi } from "../../../provider/datadog/client";
import { type EmulatedFinding, Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";

describe("the report", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-report-"));
  after(() => rmSync(folder, { recursive: true }));

  const clock = new SimulatedClock();
  const teams = ["payments", "a", "b", "c", "d", "e"];
  const findings = seedFindings({ count: 1_000, teams });
  const isPayments = ({ tags }: EmulatedFinding) => tags.includes("team:payments");
  const payments = findings.filter(isPayments);
  const rest = findings.filter((finding) => !isPayments(finding));

  async function reportOf(
    { owned = [], exclude = [] }: { owned?: readonly EmulatedFinding[]; exclude?: readonly string[] },
    limit = 10_000,
  ): Promise<{ lines: string[]; requests: number }> {
    const ids = new Set(owned.map(({ id }) => id));
    const emulator = new Emulator({ clock, findings });
    const [lead, other] = emulator.users;
    assert.ok(lead && other);
    for (const id of ids) emulator.reassignByHand(id, other.id);
    const file = join(folder, "ownership.yaml");
    const rule = { name: "payments", query: "team:payments", assignee: lead.email };
    writeFileSync(file, JSON.stringify({ rules: [rule], exclude }));
    const api = createFindingsApi(inProcessSend(emulator), clock);
    const text = markdownReport(await clock.run(collectReport(api, file, limit, "2026-11-26")), undefined);
    return { lines: text.split("\n"), requests: emulator.requests.count("search") };
  }

  it("counts what no rule claims whoever owns it: a finding with an owner has no rule all the same", async () => {
    const { lines } = await reportOf({ owned: rest });
    const share = ((100 * payments.length) / 1_000).toFixed(1);
    assert.deepEqual(lines.slice(5, 8), [
      `Coverage: ${share} % of 1,000 findings in scope have a rule.`,
      "Nothing stays unowned.",
      `Owned by somebody, claimed by no rule: ${rest.length}.`,
    ]);
  });

  it("says of each number that was not counted to its end that there is more, and makes no percentage of it", async () => {
    const { lines, requests } = await reportOf({ owned: payments.slice(0, 10) }, 100);
    const row = "more than 100 | at least 0 | at least 90 | at least 10 |";
    lines.splice(0, 2);
    assert.ok(lines[2]?.endsWith(`| ${row}`), lines[2]);
    assert.equal(lines[3], `| **total** |  | ${row}`);
    assert.equal(
      lines[5],
      "Coverage: more than 100 findings in scope have a rule, more than 100 have none; at most 100 a rule were counted.",
    );
    assert.match(lines[6] ?? "", /^Unowned, claimed by no rule: at least \d+ critical, at least \d+ high/);
    assert.ok(!lines.join("\n").includes("%"));
    assert.equal(requests, 4);
  });

  it("one number that was not counted to its end is marked, the others are exact", async () => {
    const { lines } = await reportOf({}, payments.length);
    assert.match(
      lines[2] ?? "",
      new RegExp(`\\| ${payments.length} \\| 0 \\| ${payments.length} \\| 0 \\|$`),
    );
    assert.match(
      lines[5] ?? "",
      new RegExp(
        `^Coverage: ${payments.length} findings in scope have a rule, more than ${payments.length} have`,
      ),
    );
  });

  it("what is excluded takes no place of what is counted", async () => {
    const exclude = payments.slice(0, 50).map(({ id }) => id);
    const expected = payments.length - exclude.length;
    // Too many to stand in the queries.
    const many = [...exclude, ...Array.from({ length: 600 }, (_, index) => `no-finding-${index}`)];
    for (const ids of [exclude, many]) {
      const { lines } = await reportOf({ exclude: ids }, expected);
      assert.match(lines[2] ?? "", new RegExp(`\\| ${expected} \\| 0 \\| ${expected} \\| 0 \\|$`));
    }
    const { lines } = await reportOf({ exclude });
    const share = ((100 * expected) / 950).toFixed(1);
    assert.equal(lines[5], `Coverage: ${share} % of 950 findings in scope have a rule.`);
  });

  it("says that the state is not known where somebody else owns what a rule claims", async () => {
    assert.match(
      (await reportOf({ owned: payments.slice(0, 1) })).lines[0] ?? "",
      /^Counted without the state of a stack: a finding that these rules gave to its present owner .* counts as left alone here, although the next/,
    );
    assert.doesNotMatch((await reportOf({})).lines.join("\n"), /Counted without the state/);
  });

  it("counts by severity, the worst first, and names those who are left alone", async () => {
    const owned = payments.slice(0, 3);
    const { lines } = await reportOf({ owned });
    const of = (list: readonly EmulatedFinding[], severity: string) =>
      list.filter((finding) => finding.severity === severity).length;
    const rows = ["critical", "high", "medium", "low", "info"].map((severity) => {
      const left = of(owned, severity);
      const matched = of(payments, severity);
      return `| ${severity} | ${matched} | 0 | ${matched - left} | ${left} | ${of(rest, severity)} |`;
    });
    const start = lines.indexOf("| severity | matched | as declared | to change | left alone | no rule |");
    assert.deepEqual(lines.slice(start + 2, start + 7), rows);
    assert.match(lines.at(-1) ?? "", /^Left alone: 3 of Ben Okafor \\<ben\.okafor@example\.com\\>\.$/);
  });
});
