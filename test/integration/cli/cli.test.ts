import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/main";
import { version } from "../../../provider/datadog/version";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../../emulator";

describe("the command line", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-cli-"));
  const findings = seedFindings({ count: 60, teams: ["payments", "platform", "nobody"] });
  let server: EmulatorServer;

  before(async () => {
    server = await startEmulator({ findings });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const env = { DD_HOST: server.url, DD_API_KEY: EMULATOR_API_KEY, DD_APP_KEY: EMULATOR_APP_KEY };
    const code = await main(args, {
      today: "2026-11-26",
      env,
      print: (text) => out.push(text),
      complain: (text) => err.push(text),
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  function file(text: string, name = "ownership.yaml"): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const emails = () => server.emulator.users.filter((user) => !user.disabled).map((user) => user.email);
  const rules = () => `rules:
  - { name: payments, query: "team:payments", assignee: ${emails()[0]} }
  - { name: platform, query: "team:platform", assignee: ${emails()[1]}, overwrite: true }
`;

  it("validate accepts a good file without a request", async () => {
    server.emulator.requests.reset();
    const { code, out } = await run("validate", file(rules()));
    assert.equal(code, 0);
    assert.match(out, /2 rules, valid/);
    assert.equal(server.emulator.requests.count(), 0);
  });

  it("validate refuses a broken file with line and column", async () => {
    const { code, err } = await run(
      "validate",
      file("rules:\n  - name: a\n    query: x\n    asignee: a@example.com\n"),
    );
    assert.equal(code, 1);
    assert.match(err, /ownership\.yaml:4:5 .*did you mean "assignee"/);
  });

  it("explain says which rule owns a finding and why", async () => {
    const finding = findings.find(({ tags }) => tags.includes("team:platform"));
    const { code, out, err } = await run("explain", file(rules()), finding?.id ?? "");
    assert.equal(code, 0, err);
    assert.match(out, /by rule "platform"/);
    assert.match(out, /rule 1 "payments" does not match/);
  });

  it("report is a Markdown table of matched, owned, to change, with coverage and the unowned by severity", async () => {
    const platform = findings.filter(({ tags }) => tags.includes("team:platform"));
    const payments = findings.filter(({ tags }) => tags.includes("team:payments"));
    const owner = server.emulator.users.find((user) => user.email === emails()[1])?.id ?? "";
    for (const { id } of platform.slice(0, 3)) server.emulator.reassignByHand(id, owner);
    const { code, out, err } = await run("report", file(rules()));
    assert.equal(code, 0, err);
    const row = `| platform | ${emails()[1]} | ${platform.length} | 3 | ${platform.length - 3} | 0 |`;
    assert.ok(out.includes(row), out);
    const claimed = payments.length + platform.length;
    assert.ok(out.includes(`Coverage: ${((100 * claimed) / 60).toFixed(1)} % of 60 findings`), out);
    assert.match(out, /Unowned, claimed by no rule: \d+ /);
  });

  it("tells wrong usage from a wrong file", async () => {
    assert.equal((await run()).code, 2);
    assert.equal((await run("report", "a", "b")).code, 2);
    assert.equal((await run("validate", join(folder, "absent.yaml"))).code, 1);
  });

  it("says what is wrong with the usage, and what would be right", async () => {
    const wrong: ReadonlyArray<readonly [args: string[], reason: RegExp]> = [
      [[], /^a command is needed\n\nUsage:/],
      [["explian", "f"], /^there is no command explian/],
      [["validate"], /^validate needs an ownership file/],
      [["explain", "f"], /^explain needs an ownership file and the id of a finding/],
      [["explain", "f", "a", "b"], /^explain needs/],
      [["report"], /^report needs an ownership file/],
      [["validate", "f", "--limit", "5"], /^--limit goes with report/],
      [["report", "f", "--limt", "5"], /^Unknown option '--limt'/],
      [["report", "f", "--limit", "0"], /^--limit is 0: a whole number of findings is needed, 1 or more/],
      [["report", "f", "--limit", "many"], /^--limit is many/],
      [["report", "f", "--limit", "1.5"], /^--limit is 1\.5/],
      [["explain", "f", "-abc"], /^Unknown option '-a'.* at the end of the command after '--'/],
    ];
    for (const [args, reason] of wrong) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, reason);
    }
  });

  it("--help and -h print the usage, --version the version, and all is well", async () => {
    for (const args of [["--help"], ["-h"], ["report", "--help"]]) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /^Usage:\n {2}pulumi-datadog-findings validate FILE/);
      assert.match(out, /1,000 requests for 100,000 findings/);
    }
    assert.deepEqual(await run("--version"), { code: 0, out: version, err: "" });
  });

  it("validate takes several files, and tells what is wrong with each", async () => {
    const [good, bad, worse] = [file(rules(), "good.yaml"), file("rulez: []\n", "bad.yaml"), "absent.yaml"];
    const { code, out, err } = await run("validate", bad, good, worse);
    assert.equal(code, 1);
    assert.match(out, /good\.yaml: 2 rules, valid/);
    assert.match(err, /bad\.yaml:1:1 rulez[^]*absent\.yaml:1:1 cannot be read/);
    assert.equal((await run("validate", good, good)).code, 0);
  });

  it("explain fails for a finding that nobody knows, also one whose id begins with -", async () => {
    for (const args of [
      ["explain", file(rules()), "nothing"],
      ["explain", file(rules()), "--", "-abc"],
      ["explain", "--", file(rules()), "-abc"],
    ]) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [1, ""]);
      assert.equal(err, `${args.at(-1)} is no finding that Datadog's search knows`);
    }
  });

  it("explain says that a hand-over looks like left alone without a state", async () => {
    const finding = findings.find(({ tags }) => tags.includes("team:payments"));
    const other = server.emulator.users.find((user) => user.email === emails()[3])?.id ?? "";
    server.emulator.reassignByHand(finding?.id ?? "", other);
    const { code, out } = await run("explain", file(rules()), finding?.id ?? "");
    assert.equal(code, 0);
    assert.match(
      out,
      /it is left alone\n[^]*\nThis command does not know the state: if an earlier deployment/,
    );
  });
});
