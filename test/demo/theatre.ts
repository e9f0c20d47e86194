import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatedFinding,
  type EmulatedUser,
  type Emulator,
  startEmulator,
} from "../emulator";
import { chooseEngines, createDeployment, type DeploymentEngine, type DeploymentResult } from "../engine";
import { command, indented, paint, say, table } from "./stage";

const root = join(__dirname, "..", "..");

export interface Theatre {
  readonly emulator: Emulator;
  /** A copy of the example, which the play may edit. */
  readonly projectDir: string;
  /** What the user types, its output, and what it took. @throws Error where it does not succeed */
  run(verb: "preview" | "up" | "refresh" | "destroy", least: string): Promise<DeploymentResult>;
  /** Owners of all findings, as a table beside those of the last call. */
  owners(): void;
}

export interface TheatreOptions {
  readonly example: string;
  readonly findings: readonly EmulatedFinding[];
  readonly users: readonly EmulatedUser[];
}

/** An example, deployed by a real Pulumi program and provider process against the emulator. */
export async function withTheatre(
  options: TheatreOptions,
  play: (theatre: Theatre) => Promise<void>,
): Promise<void> {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "demo-"));
  const { emulator, url, close } = await startEmulator({ findings: options.findings, users: options.users });
  try {
    const projectDir = join(folder, options.example);
    cpSync(join(root, "examples", options.example), projectDir, { recursive: true });
    const engine = deployment(projectDir, folder, url);
    const names = new Map(options.users.map((user) => [user.id, user.name ?? user.email ?? user.id]));
    const tally = new OwnerTally(emulator, names);
    say(`  engine    ${engine.name}`);
    say(`  Datadog   an emulator of its findings API with ${options.findings.length} findings`);
    await play({
      emulator,
      projectDir,
      run: (verb, least) => run(engine, emulator, verb, least),
      owners: () => tally.print(),
    });
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function deployment(projectDir: string, folder: string, url: string): DeploymentEngine {
  const settings = {
    projectDir,
    stack: "demo",
    stateDir: join(folder, "state"),
    config: {
      "datadog:apiUrl": { value: url },
      "datadog:apiKey": { value: EMULATOR_API_KEY, secret: true },
      "datadog:appKey": { value: EMULATOR_APP_KEY, secret: true },
    },
    env: {
      PULUMI_HOME: process.env.PULUMI_HOME ?? join(folder, "home"),
      // The examples are type-checked by `npm run typecheck`: not again at each start.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  };
  return createDeployment(settings, chooseEngines().at(-1));
}

async function run(
  engine: DeploymentEngine,
  emulator: Emulator,
  verb: "preview" | "up" | "refresh" | "destroy",
  least: string,
): Promise<DeploymentResult> {
  command(`pulumi ${verb}`);
  emulator.requests.reset();
  const result = await engine[verb]();
  indented(result.stdout.trimEnd());
  if (result.exitCode !== 0) throw new Error(`pulumi ${verb} ended with exit code ${result.exitCode}`);
  const assignments = emulator.requests.count({ family: "assignee" });
  const searches = emulator.requests.count({ family: "search" });
  const users = emulator.requests.count({ family: "users" });
  const took = [
    `${assignments} ${assignments === 1 ? "assignment" : "assignments"}`,
    ...(searches > 0 ? [`${searches} ${searches === 1 ? "search" : "searches"}`] : []),
    ...(users > 0 ? [`${users} user ${users === 1 ? "look-up" : "look-ups"}`] : []),
  ].join(", ");
  say(`\n  ${paint("cyan", `requests: ${took}`)}  ${paint("dim", `(least possible: ${least})`)}`);
  return result;
}

class OwnerTally {
  #before = new Map<string, number>();

  constructor(
    readonly emulator: Emulator,
    readonly names: ReadonlyMap<string, string>,
  ) {}

  print(): void {
    const now = this.#count();
    const rows = [...new Set([...this.names.values(), "nobody"])]
      .filter((name) => (this.#before.get(name) ?? 0) + (now.get(name) ?? 0) > 0)
      .map((name) => [name, this.#before.get(name) ?? 0, now.get(name) ?? 0]);
    table(["owner", "before", "after"], rows);
    this.#before = now;
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const owner of this.emulator.owners().values()) {
      const name = owner === null ? "nobody" : (this.names.get(owner) ?? owner);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
