import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmulatedFinding, type EmulatorServer, seedFindings, startEmulator } from "../../emulator";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

describe("report and explain with the state of a stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-state-"));
  const bin = join(folder, "bin");
  const file = join(folder, "ownership.yaml");
  const findings = seedFindings({ count: 60, teams: ["payments", "platform"] });
  const of = (team: string) => findings.filter(({ tags }) => tags.includes(`team:${team}`));
  const payments = of("payments");
  let server: EmulatorServer;

  beforeEach(async () => {
    server = await startEmulator({ findings });
    mkdirSync(bin, { recursive: true });
    const [former, now] = active();
    writeFileSync(
      file,
      JSON.stringify({ rules: [rule("payments", now?.email), rule("platform", former?.email)] }),
    );
  });
  afterEach(() => server.close());
  after(() => rmSync(folder, { recursive: true }));

  const active = () => server.emulator.users.filter((user) => !user.disabled);
  const rule = (team: string, assignee: unknown) => ({ name: team, query: `team:${team}`, assignee });
  /** In place of the CLI. */
  const deploy = (resources: readonly object[]) => {
    const exported = JSON.stringify({ version: 3, deployment: { resources } });
    const script = `#!/bin/sh
case "$*" in
"config --json --stack dev --show-secrets --non-interactive") echo "{}";;
"stack export --stack dev --show-secrets --non-interactive") cat <<'END'
${exported}
END
;;
*) echo "error: $* is not expected" >&2; exit 255;;
esac
`;
    writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
  };
  const urn = (type: string, name: string) => ({ urn: `urn:pulumi:dev::p::${type}::${name}`, type });
  const DYNAMIC = "pulumi-nodejs:dynamic/datadog:FindingsOwnership";
  const SECRET = "4dabf18193072939515e22adb298388d";
  /** Rules that gave all findings to the first user, whose e-mail is a secret. */
  const deployedRules = (name: string, type = DYNAMIC) => {
    const { id = "", email = "" } = active()[0] ?? {};
    const secret = { [SECRET]: "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(email) };
    const results = ["payments", "platform"].map((team) => ({ name: team, assigneeId: id, assigned: 1 }));
    return {
      ...urn(type, name),
      outputs: { rules: [rule("payments", secret), rule("platform", secret)], results },
    };
  };
  const list = (assigned: readonly EmulatedFinding[]) => ({
    ...urn("datadog-findings:index:FindingsAssignment", "audit"),
    inputs: { findingIds: assigned.map(({ id }) => id) },
  });
  const run = (...args: string[]) =>
    runCommand({ ...emulatorEnvironment(server), PATH: `${bin}:${process.env["PATH"]}` }, args);
  const rowOf = (out: string, head: string) =>
    out.split("\n").find((line) => line.startsWith(`| ${head} |`)) ?? "";
  const give = (given: readonly EmulatedFinding[], index: number) => {
    for (const { id } of given) server.emulator.reassignByHand(id, active()[index]?.id ?? "");
  };

  for (const type of [DYNAMIC, "datadog-findings:index:FindingsOwnership"]) {
    it(`count what these rules gave to a former owner as to change, and what a person gave away as left alone (${type})`, async () => {
      give(findings, 0);
      give(payments.slice(0, 2), 3);
      deploy([deployedRules("security", type)]);
      const { code, out, err } = await run("report", file, "--stack", "dev");
      assert.equal(code, 0, err);
      assert.match(out, /^Counted with the state of the stack dev\.\n/);
      const all = payments.length;
      assert.match(rowOf(out, "payments"), new RegExp(`\\| ${all} \\| 0 \\| ${all - 2} \\| 2 \\|$`));
      const without = await run("report", file);
      assert.match(rowOf(without.out, "payments"), new RegExp(`\\| ${all} \\| 0 \\| 0 \\| ${all} \\|$`));
      const [taken = "", moving = ""] = [payments[0]?.id, payments[2]?.id];
      assert.match((await run("explain", file, moving, "--stack", "dev")).out, /so it will be assigned/);
      const left = (await run("explain", file, taken, "--stack", "dev")).out;
      assert.match(left, /it is left alone/);
      assert.doesNotMatch(left, /without the state/);
    });
  }

  it("leave out what lists of the stack declare, and what --exclude names", async () => {
    const [listed, others, excluded] = [payments.slice(0, 3), payments.slice(3), of("platform").slice(0, 2)];
    deploy([deployedRules("security"), list(listed)]);
    const ids = join(folder, "new-list.txt");
    writeFileSync(ids, `${excluded.map(({ id }) => id).join("\n")}\n`);
    const { out } = await run("report", file, "--stack", "dev", "--exclude", ids);
    assert.match(
      rowOf(out, "payments"),
      new RegExp(`\\| ${others.length} \\| 0 \\| ${others.length} \\| 0 \\|$`),
    );
    assert.match(rowOf(out, "**total**"), new RegExp(`\\| ${findings.length - 5} \\|`));
    assert.match(
      out,
      /Left out: 2 findings of .*new-list\.txt, 3 findings of the FindingsAssignment "audit"\./,
    );
    const explained = await run("explain", file, listed[0]?.id ?? "", "--stack", "dev");
    assert.match(explained.out, /is excluded: no rule touches it/);
    assert.match(
      explained.out,
      /\nThese rules leave the finding out, because it is in the FindingsAssignment "audit"\.$/,
    );
    const alone = await run("explain", file, excluded[0]?.id ?? "", "--exclude", ids);
    assert.match(alone.out, /is excluded: no rule touches it/);
    const absent = await run("report", file, "--exclude", join(folder, "absent.txt"));
    assert.deepEqual([absent.code, absent.out], [1, ""]);
    assert.match(absent.err, /absent\.txt cannot be read/);
  });

  it("need the name of the resource where the stack has several", async () => {
    give(payments, 0);
    const other = { ...urn(DYNAMIC, "other"), outputs: { rules: [], results: [] } };
    deploy([deployedRules("security"), other]);
    const open = await run("report", file, "--stack", "dev");
    assert.equal(open.code, 2);
    assert.match(
      open.err,
      /has several FindingsOwnership resources: .* --resource NAME .*: security or other/,
    );
    const absent = await run("report", file, "--stack", "dev", "--resource", "third");
    assert.match(absent.err, /the stack dev has no FindingsOwnership "third"; it has: security, other/);
    const named = await run("report", file, "--stack", "dev", "--resource", "security");
    assert.match(rowOf(named.out, "payments"), new RegExp(`\\| ${payments.length} \\| 0 \\|$`));
    assert.equal((await run("report", file, "--stack", "dev", "--resource", "nobody")).code, 2);
    assert.equal((await run("report", file, "--resource", "security")).code, 2);
  });

  it("say of a stack without a deployment that nothing was given away", async () => {
    give(payments, 3);
    deploy([]);
    const { out } = await run("report", file, "--stack", "dev");
    assert.match(rowOf(out, "payments"), new RegExp(`\\| 0 \\| ${payments.length} \\|$`));
    assert.match(out, /^Counted with the state of the stack dev\./);
  });
});
