import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatedFinding,
  type EmulatedTeam,
  type EmulatedUser,
  type Emulator,
  startEmulator,
} from "../emulator";
import { chooseEngines, createDeployment, type DeploymentResult, type EngineChoice } from "../engine";
import { builtPlugin } from "../support/builtPlugin";
import { leastAssignments } from "./leastAssignments";
import { OwnerTally } from "./ownerTally";
import { saidByCli } from "./saidByCli";
import { command, numbered, paint, printed, say } from "./stage";

const root = join(__dirname, "..", "..");

export interface Theatre {
  readonly emulator: Emulator;
  /** Of the emulator. */
  readonly url: string;
  /** A copy of the example, which the play may edit. */
  readonly projectDir: string;
  /**
   * What the user types, its output, and the requests that it took. @throws Error where it does not succeed
   */
  run(verb: "preview" | "up" | "refresh" | "destroy", flags?: string): Promise<DeploymentResult>;
  /** `pulumi config set`, perhaps with `--secret` */
  set(key: string, value: string, secret?: boolean): Promise<void>;
  /** Owners of all findings, as a table beside those of the last call. */
  owners(): void;
}

export interface TheatreOptions {
  readonly example: string;
  readonly findings: readonly EmulatedFinding[];
  readonly users: readonly EmulatedUser[];
  /** The folder of the program, where it is not the example's. */
  readonly source?: string;
  /** Default: none. */
  readonly teams?: readonly EmulatedTeam[];
  /** Whether the example uses the provider plugin; default false. */
  readonly hasPlugin?: boolean;
  /** Default: the real one where there is a CLI. */
  readonly engine?: EngineChoice;
}

/** An example, deployed by a real Pulumi program and provider process against the emulator. */
export async function withTheatre(
  options: TheatreOptions,
  play: (theatre: Theatre) => Promise<void>,
): Promise<void> {
  const { example, findings, users, teams = [] } = options;
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "demo-"));
  const { emulator, url, close } = await startEmulator({ findings, users, teams });
  try {
    const projectDir = join(folder, example);
    cpSync(options.source ?? join(root, "examples", example), projectDir, { recursive: true });
    if (options.hasPlugin) installPlugin(projectDir);
    const engine = createDeployment(
      {
        projectDir,
        stack: "demo",
        stateDir: join(folder, "state"),
        config: {
          "datadog:apiUrl": { value: url },
          "datadog:apiKey": { value: EMULATOR_API_KEY, secret: true },
          "datadog:appKey": { value: EMULATOR_APP_KEY, secret: true },
          ...(options.hasPlugin && {
            "datadog-findings:apiUrl": { value: url },
            "datadog-findings:apiKey": { value: EMULATOR_API_KEY, secret: true },
            "datadog-findings:appKey": { value: EMULATOR_APP_KEY, secret: true },
          }),
        },
        env: {
          PULUMI_HOME: process.env.PULUMI_HOME ?? join(folder, "home"),
          // The examples are type-checked by `npm run typecheck`: not again at each start.
          PULUMI_NODEJS_TRANSPILE_ONLY: "true",
          // Node 22 and later compile the SDK once, not in each of two dozen processes.
          NODE_COMPILE_CACHE: join(cache, "compiled"),
        },
      },
      options.engine ?? chooseEngines().at(-1),
    );
    const tally = new OwnerTally(new Map(users.map((user) => [user.id, user.name ?? user.email ?? user.id])));
    say(`  engine    ${engine.name}`);
    say(`  Datadog   an emulator of its findings API with ${numbered(findings.length, "finding")}`);
    await play({
      emulator,
      url,
      projectDir,
      set: (key, value, secret = false) => engine.setConfig(key, { value, secret }),
      owners: () => tally.print(emulator.owners()),
      async run(verb, flags) {
        command(["pulumi", verb, ...(flags ? [flags] : [])].join(" "));
        emulator.requests.reset();
        const before = emulator.owners();
        const result = await engine[verb]();
        printed(result.stdout.trimEnd());
        if (result.exitCode !== 0) throw new Error(failureOf(verb, result));
        say(`\n  ${paint("cyan", requestsTaken(emulator, leastAssignments(before, emulator.owners())))}`);
        return result;
      },
    });
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With what was told as an error and is not in the output above. */
function failureOf(verb: string, { exitCode, stdout, diagnostics }: DeploymentResult): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const messages = errors.map(({ message }) => saidByCli(message.trim()));
  return [
    `pulumi ${verb} ended with exit code ${exitCode}`,
    ...messages.filter((message) => !stdout.includes(message)),
  ].join("\n");
}

/** Where npm would have put it. */
function installPlugin(projectDir: string): void {
  const bin = join(projectDir, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(builtPlugin(), join(bin, "pulumi-resource-datadog-findings"));
}

function requestsTaken({ requests }: Emulator, least: number): string {
  const searches = requests.count({ family: "search" });
  const users = requests.count({ family: "users" });
  const teams = requests.count({ family: "teams" }) + requests.count({ family: "onCall" });
  const taken = [
    `${numbered(requests.count({ family: "assignee" }), "assignment")} (least possible: ${least})`,
    ...(searches > 0 ? [numbered(searches, "search", "searches")] : []),
    ...(users > 0 ? [numbered(users, "user look-up")] : []),
    ...(teams > 0 ? [numbered(teams, "team look-up")] : []),
  ];
  return `requests: ${taken.join(", ")}`;
}
