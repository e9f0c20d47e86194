import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../../../provider/cli/commands";
import { version } from "../../../provider/datadog/http/version";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../../emulator";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

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

  const run = (...args: string[]) => runCommand(emulatorEnvironment(server), args);

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
      [[], /^a command is needed; npx pulumi-datadog-findings --help says how it is used$/],
      [
        ["explian", "f"],
        /^there is no command explian: the commands are init, emulator, validate, explain, .*; npx pulumi-datadog-findings --help/,
      ],
      [["--limit", "5"], /^there is no command 5: /],
      [["-x"], /^there is no option -x; /],
      [["validate"], /^validate needs an ownership file/],
      [["explain", "f"], /^explain needs an ownership file and the id of a finding/],
      [["explain", "f", "a", "b"], /^explain takes one finding: leave out b; /],
      [
        ["report"],
        /^report needs an ownership file; npx pulumi-datadog-findings report --help says how it is used$/,
      ],
      [["report", "a.yaml", "b.yaml"], /^report takes one file: call it once more for b\.yaml; /],
      [
        ["validate", "f", "--limit", "5"],
        /^validate has no option --limit; npx pulumi-datadog-findings validate --help/,
      ],
      [["validate", "f", "--stack", "dev"], /^--stack needs --online/],
      [["report", "f", "--limt", "5"], /^report has no option --limt: did you mean --limit\?; /],
      [["report", "f", "--limit"], /^Option '--limit <value>' argument missing; /],
      [["report", "f", "--limit", "0"], /^--limit is 0: a whole number of findings is needed, 1 or more/],
      [["report", "f", "--limit", "many"], /^--limit is many/],
      [["report", "f", "--limit", "1.5"], /^--limit is 1\.5/],
      [["explain", "f", "--abc"], /^explain has no option --abc; /],
    ];
    for (const [args, reason] of wrong) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, reason);
      assert.equal(err.split("\n").length, 1, err);
    }
  });

  it("--help and -h print the usage, --version the version, and all is well", async () => {
    for (const args of [["--help"], ["-h"]]) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(
        out,
        /^Usage: pulumi-datadog-findings COMMAND\n\n {2}init \[FOLDER\] {2,}writes[^]*\n {2}validate FILE\.\.\. {2,}checks/,
      );
      for (const { name } of COMMANDS) assert.ok(out.includes(`\n  ${name} `), name);
    }
    for (const { name } of COMMANDS) {
      const { code, out } = await run(...name.split(" "), "--help");
      assert.equal(code, 0);
      assert.ok(out.startsWith(`Usage: pulumi-datadog-findings ${name} `), out);
      assert.ok(
        out.split("\n").every((line) => line.length <= 130),
        out,
      );
    }
    assert.match((await run("report", "--help")).out, /1,000 requests for 100,000 findings/);
    assert.deepEqual(await run("--version"), { code: 0, out: version, err: "" });
  });

  it("validate takes several files, and tells what is wrong with each", async () => {
    const [good, bad, worse] = [file(rules(), "good.yaml"), file("rulez: []\n", "bad.yaml"), "absent.yaml"];
    const { code, out, err } = await run("validate", bad, good, worse);
    assert.equal(code, 1);
    assert.match(out, /good\.yaml: 2 rules, valid/);
    assert.match(err, /bad\.yaml:1:1 rulez[^]*absent\.yaml: this file does not exist in /);
    assert.equal((await run("validate", good, good)).code, 0);
  });

  it("explain fails for a finding that nobody knows, also one whose id begins with -", async () => {
    for (const args of [
      ["explain", file(rules()), "nothing"],
      ["explain", file(rules()), "-abc"],
      ["explain", file(rules()), "-h2=="],
      ["explain", file(rules()), "--", "-abc"],
      ["explain", "--", file(rules()), "-abc"],
    ]) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [1, ""]);
      assert.equal(err, `Datadog's search does not know the finding ${args.at(-1)}`);
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
      /it is left alone\n[^]*\nThis answer does not use the state of a stack: if these rules gave/,
    );
  });

  it("validate --online says which rules match no finding, and what was probably meant, one request for each", async () => {
    const path = file(`scope: "@status:open"
rules:
  - { name: payments, query: "team:payments", assignee: ${emails()[0]} }
  - { name: web, query: "severity:critical", assignee: ${emails()[0]} }
  - { name: typed, findingTypes: [workload_activity], assignee: ${emails()[0]} }
  - { name: off, query: "team:gone", assignee: ${emails()[0]}, enabled: false }
  - { name: rest, query: "*", assignee: ${emails()[1]} }
`);
    server.emulator.requests.reset();
    const { code, out, err } = await run("validate", "--online", path);
    assert.equal(code, 0, err);
    assert.equal(server.emulator.requests.count("search"), 4);
    const said = out.replaceAll(`${folder}/`, "").split("\n");
    assert.deepEqual(said, [
      "warning: ownership.yaml:4:26 rules[1].query: severity: looks for a tag: did you mean the attribute @severity?",
      'warning: ownership.yaml:4:25 rules[1].query: rule "web": no finding in scope matches `severity:critical`; did you mean `@severity:critical`?',
      'warning: ownership.yaml:5:34 rules[2].findingTypes: rule "typed": no finding in scope matches `@finding_type:workload_activity`',
      "ownership.yaml: 5 rules, valid, of which 1 is not in force",
    ]);
  });

  it("validate --online fails where an owner is unknown, disabled, or a team that is not there, by file and line", async () => {
    const left = "former.colleague@example.com";
    const [colleague] = server.emulator.users;
    assert.ok(colleague);
    server.emulator.putUser({
      ...colleague,
      id: "7d0f2f2e-43a8-4b6f-8c52-7d0a2f0c9b11",
      email: left,
      handle: left,
      disabled: true,
    });
    const path = file(`rules:
  - { name: typo, query: "team:payments", assignee: ${emails()[0]?.replace("example", "exmaple")} }
  - { name: team, query: "team:platform", assignee: "team:no-such-team" }
  - { name: left, query: "team:web", assignees: [${left}], pick: first }
  - { name: off, query: "team:gone", assignee: nobody@example.com, enabled: false }
  - { name: rest, query: "*", assignee: ${emails()[1]} }
`);
    const { code, err } = await run("validate", "--online", path);
    assert.equal(code, 1);
    const [typo = "", team = "", leaver = "", ...others] = err.replaceAll(`${folder}/`, "").split("\n");
    assert.match(
      typo,
      /^ownership\.yaml:2:53 rules\[0\]\.assignee: .*did you mean ada\.moreau@example\.com\?/,
    );
    assert.match(team, /^ownership\.yaml:3:53 rules\[1\]\.assignee: .*no-such-team/);
    assert.match(leaver, /^ownership\.yaml:4:\d+ rules\[2\]\.assignees: .*disabled/);
    assert.deepEqual(others, []);
  });

  it("validate names the files that are included in the order of their rules", async () => {
    mkdirSync(join(folder, "teams"), { recursive: true });
    file(`rules: [{ name: b, query: "team:b", assignee: b@example.com }]`, "teams/b.yaml");
    file(`rules: [{ name: a, query: "team:a", assignee: a@example.com }]`, "teams/a.yaml");
    const main = file(
      `include: teams/*.yaml\nrules: [{ name: rest, query: "*", assignee: c@example.com }]\n`,
      "main.yaml",
    );
    const { code, out } = await run("validate", main);
    assert.equal(code, 0);
    assert.equal(
      out.replaceAll(`${folder}/`, ""),
      "main.yaml: 3 rules, valid\n  in this order: teams/a.yaml (1 rule), teams/b.yaml (1 rule), main.yaml (1 rule)",
    );
  });

  it("without keys it names the variables that it has read, and no configuration", async () => {
    for (const [env, missing] of [
      [{}, "DD_API_KEY and DD_APP_KEY"],
      [{ DD_API_KEY: EMULATOR_API_KEY }, "DD_APP_KEY"],
    ] as const) {
      const { code, err } = await runCommand(env, ["report", file(rules())]);
      assert.equal(code, 1);
      assert.equal(
        err,
        `Datadog needs an API key and an application key: set ${missing}, ` +
          "or name the stack whose configuration has them with --stack NAME",
      );
    }
  });

  it("--stack reads the stack's configuration with the pulumi CLI, and says so where there is none", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const config = (namespace: string, apiUrl = "apiUrl") =>
      JSON.stringify({
        [`${namespace}:${apiUrl}`]: { value: server.url, secret: false },
        [`${namespace}:apiKey`]: { value: EMULATOR_API_KEY, secret: true },
        [`${namespace}:appKey`]: { value: EMULATOR_APP_KEY, secret: true },
      });
    const script = `#!/bin/sh
case "$*" in
"stack export --stack "*) echo '{"version":3,"deployment":{}}'; exit 0;;
"config --json --stack dev --show-secrets --non-interactive") echo '${config("datadog")}'; exit 0;;
"config --json --stack plugin --show-secrets --non-interactive") echo '${config("datadog-findings")}'; exit 0;;
"config --json --stack typo --show-secrets --non-interactive") echo '${config("datadog", "apiurl")}'; exit 0;;
esac
echo "error: no stack named '$4' found" >&2
exit 255
`;
    writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
    const finding = findings[0]?.id ?? "";
    const PATH = `${bin}:${process.env.PATH}`;
    const found = await runCommand({ PATH }, ["explain", "--stack", "dev", file(rules()), finding]);
    assert.equal(found.code, 0, found.err);
    const ofPlugin = await runCommand({ PATH }, ["explain", "--stack", "plugin", file(rules()), finding]);
    assert.deepEqual(ofPlugin, found);
    const misspelt = await runCommand({ PATH }, ["explain", "--stack", "typo", file(rules()), finding]);
    assert.deepEqual(
      [misspelt.code, misspelt.err.split("?")[0]],
      [1, "datadog:apiurl is not a setting: did you mean datadog:apiUrl"],
    );
    const unknown = await runCommand({ PATH }, ["report", "--stack", "prod", file(rules())]);
    assert.deepEqual(
      [unknown.code, unknown.err],
      [1, "the configuration of the stack prod cannot be read: error: no stack named 'prod' found"],
    );
    const absent = await runCommand({ PATH: folder }, ["report", "--stack", "dev", file(rules())]);
    assert.deepEqual(
      [absent.code, absent.err],
      [1, "--stack reads the stack's configuration with the pulumi CLI, and there is no pulumi on PATH"],
    );
  });

  it("explain names the rule whose owner cannot be found", async () => {
    for (const owner of ["gone@example.com", "team:gone"]) {
      const path = file(`rules: [{ name: web, query: "*", assignee: "${owner}" }]\n`);
      const { code, err } = await run("explain", path, "any");
      assert.equal(code, 1);
      assert.match(err, /^rule "web": .*gone/);
    }
  });
});
