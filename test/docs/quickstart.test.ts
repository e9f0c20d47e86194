import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { packPackage } from "../deployment/freshProject";
import { cleanEnv } from "../deployment/testbed";
import { chooseEngines } from "../engine";
import { pageOf, root } from "./pages";

const readme = pageOf("README.md");
const quickstart = readme.blocks.find(({ text }) => text.includes(" init --emulator"));

/**
 * In the place of npm, which would need a registry: the tarball is unpacked, and every other package is
 * linked from this repository's own installation.
 */
const NPM = `#!/bin/sh
set -e
case "$1 $2" in
"init --yes") echo '{ "name": "findings", "version": "1.0.0", "main": "index.js", "type": "commonjs" }' > package.json;;
"install ") test -f package.json;;
"install "*)
  mkdir -p node_modules/.bin node_modules/pulumi-datadog-findings
  tar -xzf "$2" -C node_modules/pulumi-datadog-findings --strip-components=1
  for name in "$INSTALLED"/* ; do
    case "$name" in */pulumi-datadog-findings) ;; *) ln -s "$name" node_modules/;; esac
  done
  ln -s ../pulumi-datadog-findings/dist/cli/main.js node_modules/.bin/pulumi-datadog-findings
  chmod +x node_modules/pulumi-datadog-findings/dist/cli/main.js;;
*) echo "npm $*: not expected" >&2; exit 1;;
esac
`;

describe("the README's quickstart", function () {
  this.timeout(180_000);
  let folder: string;
  let emulatorPid: number | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "findings-quickstart-"));
    packPackage(folder);
  });
  afterEach(() => {
    // The group of npx and what it has started.
    if (emulatorPid !== undefined) process.kill(-emulatorPid);
    emulatorPid = undefined;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has ten lines, of which the last two are Pulumi's", () => {
    const lines = quickstart?.text.trim().split("\n") ?? [];
    assert.equal(lines.length, 10);
    assert.deepEqual(lines.slice(8), ["pulumi stack init dev", "pulumi up"]);
  });

  for (const choice of chooseEngines()) {
    it(`assigns findings at the first up, from an empty folder, on the ${choice.name}`, async () => {
      const project = await playShellLines(join(folder, choice.name.replace(" ", "-")));
      const engine = choice.create({
        projectDir: project.folder,
        stack: "dev",
        stateDir: join(project.folder, "..", "state"),
        env: { ...cleanEnv, ...project.env },
      });
      const { exitCode, stdout, outputs } = await engine.up();
      assert.equal(exitCode, 0, stdout);
      assert.deepEqual(outputs, { lastUpdateAssigned: 963, unowned: 0 });
      assertShown(stdout);
    });
  }

  /** Runs all lines but the last two in a shell, in an empty folder beside the tarball. */
  async function playShellLines(empty: string): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
    const bin = join(empty, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "npm"), NPM);
    chmodSync(join(bin, "npm"), 0o755);
    execFileSync("cp", [join(folder, "pulumi-datadog-findings-0.1.0.tgz"), empty]);
    const port = await freePort();
    const lines = (quickstart?.text ?? "").replaceAll("8642", String(port)).trim().split("\n").slice(0, -2);
    const told = join(empty, "told.txt");
    const script = ["set -em", ...lines, `{ pwd; echo $!; env | grep ^DD_; } > ${told}`].join("\n");
    execFileSync("bash", ["-c", script], {
      cwd: empty,
      env: {
        ...process.env,
        ...cleanEnv,
        PATH: [bin, process.env["PATH"]].join(delimiter),
        INSTALLED: join(root, "node_modules"),
      },
      // No pipes: the emulator, which goes on, would hold them open.
      stdio: "ignore",
      timeout: 60_000,
    });
    const [project = "", pid = "", ...variables] = readFileSync(told, "utf8").trim().split("\n");
    emulatorPid = Number(pid);
    await answering(`http://127.0.0.1:${port}`);
    const env = Object.fromEntries(variables.map((line) => line.split("=", 2)));
    assert.equal(env["DD_HOST"], `http://127.0.0.1:${port}`);
    return { folder: project, env };
  }

  /** What the README, and its picture of the CLI, show of the plan is what is printed. */
  function assertShown(stdout: string): void {
    const [shown] = readme.blocks.filter(({ language }) => language === "text");
    const planned = shown?.text.trim() ?? "";
    assert.match(planned, /findings to change/);
    assert.ok(stdout.includes(planned), stdout);
    const picture = readFileSync(join(root, "docs", "pictures", "terminal.svg"), "utf8")
      .replace(/<[^>]*>/g, "")
      .replaceAll("\u00a0", " ")
      .replaceAll("&gt;", ">");
    // A CLI shows each line twice: as it comes, behind what its resource is doing, and at the end.
    const from = stdout.lastIndexOf(planned);
    const plan = stdout.slice(from, stdout.indexOf("left alone", from)).split("\n").slice(0, -1);
    assert.ok(plan.length > 10, stdout);
    for (const line of plan)
      assert.ok(picture.includes(line.trim()), `${line}: npm run picture draws it anew`);
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

/** Waits until the emulator listens: it was started in the background. */
async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
