import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

/**
 * `npm run soak:kills -- --kills 50 --seed 1`: as many kills as wanted, and how many of them reach the
 * declared state.
 */
function soakKills(): void {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "50" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const mocha = require.resolve("mocha/bin/mocha.js");
  const args = [mocha, "--no-parallel", "--grep", "SIGKILLs", "test/deployment/brokenOff.test.ts"];
  const env = { ...process.env, KILLS: values.kills, SEED: values.seed };
  const { status } = spawnSync(process.execPath, args, { env, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

soakKills();
