import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { breakProvider, type Mutant } from "./mutant";
import { mutants } from "./mutants";

const repository = resolve(__dirname, "..", "..");

/** What a mutant is hunted with, beside its provider. */
const COPIED = ["test", "package.json", "tsconfig.json"];

const huntResult = z.object({
  histories: z.number(),
  seed: z.number().optional(),
  message: z.string().optional(),
});

/** What it is to find nothing in. */
const UNBROKEN: Mutant = { name: "does nothing wrong", changes: [] };

type HuntResult = z.infer<typeof huntResult>;

/**
 * `npm run mutants`: breaks the provider in each known way, and plays random histories until one notices; exit code 1 where one survives, or
 * where the unbroken provider fails. `-- --only TEXT,TEXT` takes those whose names contain a text.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { histories: { type: "string", default: "1000" }, only: { type: "string", default: "" } },
  });
  const { only = "" } = values;
  const unbroken = only === "" ? await huntMutant(UNBROKEN, values.histories) : undefined;
  if (unbroken?.seed !== undefined) {
    console.log(`the unbroken provider fails history ${unbroken.seed}: ${unbroken.message}`);
    process.exitCode = 1;
    return;
  }
  const chosen = mutants.filter(({ name }) => only.split(",").some((part) => name.includes(part)));
  const queue = [...chosen];
  const results = new Map<Mutant, HuntResult>();
  const worker = async () => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      try {
        const result = await huntMutant(mutant, values.histories);
        results.set(mutant, result);
        console.log(describe(mutant, result));
      } catch (error) {
        console.log(error instanceof Error ? error.message : error);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const survivors = chosen.filter((mutant) => results.get(mutant)?.seed === undefined);
  console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants caught`);
  process.exitCode = survivors.length > 0 ? 1 : 0;
}

function describe({ name }: Mutant, { histories, seed, message }: HuntResult): string {
  const outcome = seed === undefined ? `SURVIVED ${histories} histories` : `caught by history ${histories}`;
  return `${outcome.padEnd(24)} ${name.padEnd(56)} ${message ?? ""}`;
}

/** In a process of its own, on a copy of the provider and of what judges it. */
async function huntMutant(mutant: Mutant, histories: string): Promise<HuntResult> {
  const folder = mkdtempSync(join(tmpdir(), "mutant-"));
  try {
    copyBroken(mutant, folder);
    const args = ["--import", "tsx", join(folder, "test/mutants/hunt.ts"), histories];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      errors += data;
    });
    await new Promise((done) => child.on("close", done));
    const line = output.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new Error(`mutant "${mutant.name}" does not run: ${errors}`);
    return huntResult.parse(JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyBroken(mutant: Mutant, folder: string): void {
  for (const path of COPIED) cpSync(join(repository, path), join(folder, path), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const sources = providerSources();
  breakProvider(sources, mutant);
  for (const [path, text] of sources) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function providerSources(): Map<string, string> {
  const entries = readdirSync(join(repository, "provider"), { recursive: true, encoding: "utf8" });
  const paths = entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join("provider", entry));
  return new Map(paths.map((path) => [path, readFileSync(join(repository, path), "utf8")]));
}

void main();
