import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";

function run(...parameters: readonly string[]): ChildProcess {
  const main = join(__dirname, "main.ts");
  return spawn(process.execPath, ["--import", "tsx", main, ...parameters], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function outputUntil(child: ChildProcess, end: RegExp): Promise<string> {
  let output = "";
  assert.ok(child.stdout);
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    if (end.test(output)) return output;
  }
  throw new Error(`ended with ${output}`);
}

describe("emulator: alone", () => {
  it("prints what a program needs, serves it, and stops on Ctrl-C", async () => {
    const child = run("--findings", "7", "--limit", "5/60");
    const output = await outputUntil(child, /Ctrl-C stops it/);
    const [, url, apiKey, appKey] =
      /export DD_HOST=(\S+) DD_API_KEY=(\S+) DD_APP_KEY=(\S+)/.exec(output) ?? [];
    assert.ok(url !== undefined && apiKey !== undefined && appKey !== undefined, output);
    assert.match(output, /^257 findings, the first is \S+$/m);
    assert.match(
      output,
      /^127 users, as <name>@example.com\n {2}platform-oncall, security-duty, incident-lead/m,
    );
    assert.match(output, /disabled: former-lead\n/);
    assert.match(output, /invited, never logged in: new-hire\n/);
    assert.match(output, /^42 teams, among them$/m);
    assert.match(output, /payments: payments-lead, ada\.moreau, ben\.okafor; on call now: \S+$/m);
    const headers = { "dd-api-key": apiKey, "dd-application-key": appKey };
    const response = await fetch(`${url}/api/v2/security/findings?page[limit]=7`, { headers });
    assert.equal(JSON.parse(await response.text()).data.length, 7);
    assert.equal(response.headers.get("x-ratelimit-remaining"), "4");
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("says what is wrong with its options", async () => {
    const child = run("--limit", "many");
    assert.ok(child.stderr);
    const [message, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.match(message, /--limit many: N\/SECONDS is needed/);
    assert.equal(code, 1);
  });

  it("says that its port is taken, also where the package's command starts it", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = String(Object(taken.address()).port);
    const cli = join(__dirname, "..", "..", "dist", "cli", "main.js");
    try {
      for (const start of [
        () => run("--port", port),
        () =>
          spawn(process.execPath, [cli, "emulator", "--port", port], { stdio: ["ignore", "ignore", "pipe"] }),
      ]) {
        const child = start();
        assert.ok(child.stderr);
        const [message, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
        assert.equal(
          message,
          `listen EADDRINUSE: address already in use 127.0.0.1:${port}: choose another --port, and the same one in DD_HOST; ` +
            "if another emulator listens on this one, pulumi would talk to that\n",
        );
        assert.equal(code, 1);
      }
    } finally {
      taken.close();
    }
  });

  it("says how it is used", async () => {
    const child = run("--help");
    assert.ok(child.stdout);
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    assert.match(output, /npm run emulator -- \[options\]/);
    assert.match(output, /rate limit of each endpoint/);
  });
});
