import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { playRow, type Result } from "./playRow";
import { describeResults } from "./report";
import { type Contender, rowsOf } from "./rows";
import { describeStartUps, measureStartUps } from "./startUp";

const CONTENDERS: readonly Contender[] = ["provider", "script", "naive"];

const USAGE = `npm run bench -- [--rows NAME,NAME] [--fast] [--parallel 16] [--out bench.json]
--fast: no latency, no rate limit, and a tenth of the largest rows: for counts alone
rows: ${rowsOf()
  .map(({ name }) => name)
  .join(", ")}`;

/**
 * Plays rows of the comparison, the contenders of a row at the same time, each in a process and against an
 * emulator of its own.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string" },
      fast: { type: "boolean", default: false },
      parallel: { type: "string", default: "16" },
      out: { type: "string", default: "bench.json" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { fast } = values;
  const wanted = values.rows?.split(",");
  const rows = rowsOf(fast ? 0.1 : 1);
  const unknown = wanted?.filter((name) => !rows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no row ${unknown.join(", ")}\n${USAGE}`);
  const chosen = rows.filter(({ name }) => wanted?.includes(name) ?? true);
  const options = { fast, parallel: Number(values.parallel) };
  const results: Result[] = [];
  for (const row of chosen) {
    console.error(`${row.name}: ${row.what}`);
    results.push(...(await Promise.all(CONTENDERS.map((contender) => playRow(row, contender, options)))));
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, node ${process.version}`;
  const conditions = fast
    ? "no latency, no limit"
    : "50 ms of latency, limits for each kind of request as told, --parallel " + values.parallel;
  console.error("start-up: the plugin beside the dynamic provider");
  const startUps = await measureStartUps();
  console.log(
    `${machine}; ${conditions}\n\n${describeResults(chosen, results, fast)}\n\n${describeStartUps(startUps)}`,
  );
  writeFileSync(values.out, `${JSON.stringify({ machine, conditions, results, startUps }, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
