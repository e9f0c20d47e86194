import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/main";
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
      env,
      print: (text) => out.push(text),
      complain: (text) => err.push(text),
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  function file(text: string): string {
    const path = join(folder, "ownership.yaml");
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
});
