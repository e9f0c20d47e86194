import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { saidByCli } from "../../demo/saidByCli";

const execute = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

describe("the demo, on a CLI that fails", () => {
  it("prints that CLI's own message", async () => {
    const folder = mkdtempSync(join(tmpdir(), "findings-cli-"));
    const words = "error: the passphrase is wrong";
    writeFileSync(
      join(folder, "pulumi"),
      `#!/bin/sh\n[ "$1" = version ] && { echo v3.248.0; exit 0; }\necho "${words}" >&2\nexit 255\n`,
    );
    chmodSync(join(folder, "pulumi"), 0o755);
    try {
      const args = ["--import", "tsx", join("test", "demo", "main.ts"), "quickstart"];
      const env = { ...process.env, PATH: [folder, process.env["PATH"]].join(delimiter) };
      await assert.rejects(execute(process.execPath, args, { cwd: root, env }), (error: unknown) => {
        assert.ok(error instanceof Error && "stderr" in error);
        assert.match(String(error.stderr), new RegExp(`^Command failed .*\\n${words}\\n$`));
        return true;
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("prints any other message as it is", () => {
    assert.equal(saidByCli("no demo"), "no demo");
  });
});
