import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPulumiCli } from "../deployment/engines/chooseEngines";
import { cleanEnv } from "../deployment/testbed";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, exampleWorld, startEmulator } from "../emulator";

const root = join(__dirname, "..", "..");

const script = `const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { FindingsAssignment } = require("pulumi-datadog-findings");
const program = async () => {
  new FindingsAssignment("a", { findingIds: ["x"], assignee: "payments-lead@example.com" });
};
const [, , main] = process.argv;
const settings = main ? { projectSettings: { name: "inline", runtime: "nodejs", main } } : {};
LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "inline", program }, settings)
  .then((stack) => stack.preview())
  .then(({ changeSummary }) => console.log(JSON.stringify(changeSummary)))
  .catch(({ message }) => { console.error(message); process.exitCode = 1; });
`;

/** On a CLI alone, which the Automation API runs. */
describe("an inline program of the Automation API", function () {
  this.timeout(180_000);
  let folder: string;
  let emulator: Awaited<ReturnType<typeof startEmulator>> | undefined;
  before(async function () {
    if (!findPulumiCli()) {
      console.log("      no pulumi CLI on PATH: left out");
      this.skip();
    }
    // not in a folder below one that has packages
    folder = realpathSync(mkdtempSync(join(homedir(), "findings-automation-")));
    for (const name of ["project", "elsewhere", "state"]) mkdirSync(join(folder, name));
    symlinkSync(join(root, "node_modules"), join(folder, "project", "node_modules"));
    writeFileSync(join(folder, "project", "main.js"), script);
    emulator = await startEmulator(exampleWorld({ count: 1 }));
  });
  after(async () => {
    await emulator?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function run(cwd: string, ...args: string[]): Promise<{ code: number; printed: string }> {
    const env = {
      ...process.env,
      ...cleanEnv,
      DD_HOST: emulator?.url,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const main = join(folder, "project", "main.js");
    try {
      const options = { cwd: join(folder, cwd), env };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args], options);
      return { code: 0, printed: stdout + stderr };
    } catch (error) {
      assert.ok(error instanceof Error && "stdout" in error && "stderr" in error && "code" in error);
      return { code: Number(error.code), printed: `${error.stdout}${error.stderr}` };
    }
  }

  it("works where the process runs in a folder that has the SDK", async () => {
    const { code, printed } = await run("project");
    assert.equal(code, 0, printed);
    assert.match(printed, /"create":2/);
  });

  it("says elsewhere that the SDK is not found, as the troubleshooting page has it", async () => {
    const { code, printed } = await run("elsewhere");
    assert.equal(code, 1, printed);
    assert.match(printed, /Cannot find module '@pulumi\/pulumi\/cmd\/dynamic-provider'/);
  });

  it("works elsewhere where projectSettings.main names a folder that has the SDK", async () => {
    const { code, printed } = await run("elsewhere", join(folder, "project"));
    assert.equal(code, 0, printed);
  });
});
