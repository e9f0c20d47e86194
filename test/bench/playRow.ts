import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  seedUsers,
  startEmulator,
} from "../emulator";
import { bundledScript } from "../support/bundledScript";
import { type Contender, OWNERSHIP_RULES, type Row, type World } from "./rows";
import { type Measured, measured, type Work } from "./work";

export interface Result extends Partial<Measured> {
  readonly row: string;
  readonly contender: Contender;
  /** Sent to Datadog, 429s included. */
  readonly requests?: number;
  readonly refused?: number;
  /** Findings that end as declared. */
  readonly asDeclared?: number;
  /** Why there is nothing to measure. */
  readonly cannot?: string;
}

export interface PlayOptions {
  /** Without the rate limit and without latency, for counts alone. */
  readonly fast: boolean;
  readonly parallel: number;
}

/** Each is a script of its own: what one imports is no part of another's memory. */
const scripts: Readonly<Record<Contender, string>> = {
  provider: join(__dirname, "contenders", "provider.ts"),
  naive: join(__dirname, "contenders", "naive.ts"),
  script: join(__dirname, "..", "officialClient", "contender.ts"),
};

const LATENCY_MS = 50;
const FAMILIES = ["assignee", "search", "users"] as const;

/** Plays a row for one contender, against an emulator of its own. */
export async function playRow(row: Row, contender: Contender, options: PlayOptions): Promise<Result> {
  const cannot = row.cannot?.[contender];
  if (cannot !== undefined) return { row: row.name, contender, cannot };
  const teams = Array.from({ length: OWNERSHIP_RULES }, (_, index) => `t${index}`);
  const all = seedFindings({ count: row.findings + (row.appeared ?? 0), teams });
  const world = { findings: all.slice(0, row.findings), users: seedUsers({ count: 40 }) };
  const server = await startEmulator({ ...world });
  const folder = mkdtempSync(join(tmpdir(), "findings-bench-"));
  try {
    const run = (step: Work["step"]) =>
      runChild(folder, {
        contender,
        url: server.url,
        step,
        parallel: options.parallel,
        stateFile: join(folder, "state.json"),
        ...row.program(world),
      });
    if (row.deployed) await run("up");
    server.emulator.addFindings(all.slice(row.findings));
    server.emulator.reset();
    if (!options.fast) throttle(server, row.limit);
    const result = await run(row.step);
    const { requests } = server.emulator;
    return {
      row: row.name,
      contender,
      requests: requests.count(),
      refused: requests.count({ outcome: 429 }),
      asDeclared: countAsDeclared(server, row, { ...world, findings: all }),
      ...result,
    };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function throttle({ emulator }: EmulatorServer, limit: number): void {
  emulator.settings.latencyMs = LATENCY_MS;
  for (const family of FAMILIES) emulator.setRateLimit(family, { limit, periodSeconds: 10 });
}

async function runChild(folder: string, task: Work): Promise<Measured> {
  const file = join(folder, "work.json");
  writeFileSync(file, JSON.stringify(task));
  const env = {
    ...process.env,
    DD_API_KEY: EMULATOR_API_KEY,
    DD_APP_KEY: EMULATOR_APP_KEY,
    DD_HOST: task.url,
  };
  const child = fork(bundledScript(scripts[task.contender]), [file], {
    env,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(measured.parse(message)));
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`${task.contender} ended with ${code} before its work did`)),
    );
  });
}

function countAsDeclared({ emulator }: EmulatorServer, row: Row, world: World): number {
  const { assignments, rules } = row.program(world);
  const owners = emulator.owners();
  const declared = assignments.flatMap(({ findingIds, assignee }) =>
    findingIds.map((id) => [id, assignee] as const),
  );
  const byTeam = new Map(rules.map(({ query, assignee }) => [query, assignee]));
  const ruled = world.findings.map(
    ({ id, tags }) => [id, tags.flatMap((tag) => byTeam.get(tag) ?? [])[0]] as const,
  );
  const expected = rules.length > 0 ? ruled : declared;
  return expected.filter(([id, owner]) => owner !== undefined && owners.get(id) === owner).length;
}
