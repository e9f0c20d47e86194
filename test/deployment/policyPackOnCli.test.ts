import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, exampleWorld, startEmulator } from "../emulator";
import { findPulumiCli } from "./engines/chooseEngines";
import { copyProject } from "./engines/copyProject";
import { cleanEnv } from "./testbed";

const examples = join(__dirname, "..", "..", "examples");
const execute = promisify(execFile);

/** On a CLI alone: the embedded engine runs no policies. */
(findPulumiCli() ? describe : describe.skip)("examples/policy-pack on the pulumi CLI", function () {
  this.timeout(180_000);
  let folder: string;
  let emulator: Awaited<ReturnType<typeof startEmulator>>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "findings-pack-"));
    for (const example of ["ownership", "policy-pack"])
      copyProject(join(examples, example), join(folder, example));
    emulator = await startEmulator(exampleWorld());
    await pulumi("stack", "init", "dev");
  });
  after(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the exit code, and all that is printed */
  async function pulumi(...args: string[]): Promise<{ code: number; printed: string }> {
    const env = {
      ...process.env,
      ...cleanEnv,
      DD_HOST: emulator.url,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    try {
      const options = { cwd: join(folder, "ownership"), env };
      const { stdout, stderr } = await execute("pulumi", [...args, "--non-interactive"], options);
      return { code: 0, printed: stdout + stderr };
    } catch (error) {
      assert.ok(error instanceof Error && "stdout" in error && "stderr" in error && "code" in error);
      return { code: Number(error.code), printed: `${error.stdout}${error.stderr}` };
    }
  }

  const preview = (pack = "policy-pack") => pulumi("preview", "--policy-pack", join(folder, pack));

  it("accepts examples/ownership on the emulator's world", async () => {
    const { code, printed } = await preview();
    assert.equal(code, 0, printed);
    assert.match(printed, /findings@v1\.0\.0/);
    assert.match(printed, /findings to change by \d+ rules/);
    assert.doesNotMatch(printed, /\[mandatory\]/);
  });

  it("refuses an owner whom nobody allowed, and names the rule", async () => {
    const file = join(folder, "ownership", "teams", "payments.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll("payments-lead@example.com", "payments-lead@mail.example"));
    const { code, printed } = await preview();
    writeFileSync(file, text);
    assert.notEqual(code, 0, printed);
    assert.match(printed, /\[mandatory\].* findings-allowed-owners/);
    assert.match(printed, /"payments-lead@mail\.example" in .* is not an allowed owner/);
  });

  it("tells a misspelt setting in one sentence, without a stack trace", async () => {
    const file = join(folder, "policy-pack", "index.ts");
    const text = readFileSync(file, "utf8");
    // as JavaScript has it, which no compiler looks at
    writeFileSync(file, `// @ts-nocheck\n${text.replace("domains:", "domians:")}`);
    const { code, printed } = await preview();
    writeFileSync(file, text);
    assert.notEqual(code, 0, printed);
    assert.match(printed, /unknown setting "domians"; did you mean domains\?/);
    assert.doesNotMatch(printed, /\n\s+at /);
  });
});
