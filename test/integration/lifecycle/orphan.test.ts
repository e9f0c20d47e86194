import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/**
 * A provider process that goes on printing, with the SDK's way of dealing with errors that nobody has caught.
 */
const provider = `
process.on("uncaughtException", (error) => console.error(error.stack));
const { assignment } = require(${JSON.stringify(join(__dirname, "..", "..", "..", "dist", "provider.js"))});
void assignment.check({}, { findingIds: ["a"], assignee: "ada@example.com" }).then(() => {
  console.log("checked");
  setInterval(() => console.log("still here"), 10);
});`;

describe("a provider whose engine is gone", () => {
  it("ends when nobody reads what it prints, instead of failing to say so for ever", async () => {
    const child = spawn(process.execPath, ["-e", provider], { stdio: ["ignore", "pipe", "pipe"] });
    const exited = once(child, "exit");
    const insist = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stderr.destroy();
    assert.deepEqual(await exited, [1, null]);
    clearTimeout(insist);
  });
});
