import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const ackRecord = z.object({
  assigneeId: z.string().nullable().optional(),
  acceptedAt: z.number(),
  findingIds: z.array(z.string()),
  doubtful: z.literal(true).optional(),
  notedAt: z.number().default(0),
});

export interface AckRecord {
  /** The new owner, null for nobody; absent where somebody else made the change. */
  readonly assigneeId?: string | null | undefined;
  /** ms since the epoch. */
  readonly acceptedAt: number;
  readonly findingIds: readonly string[];
  /** A change was about to be sent: earlier records of these findings are void. */
  readonly doubtful?: true | undefined;
}

export interface AckStore {
  /** What earlier processes have recorded in the last 24 hours, oldest first. */
  load(): AckRecord[];
  append(record: AckRecord): void;
}

/** How long a broken-off deployment can be resumed from the log, ms. */
export const ACKS_KEPT_MS = 24 * 60 * 60_000;

/**
 * Keeps the log in `$PULUMI_HOME/datadog-findings` (default `~/.pulumi`), a file a process, JSON lines, readable by the user
 * only: finding ids and user ids, no keys. It saves requests after a break and is never needed: where it cannot
 * be read or written, a resumed deployment sends again what it cannot know to be done.
 */
export function fileAckStore(baseUrl: string, env: NodeJS.ProcessEnv, now: () => number): AckStore {
  const folder = join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "datadog-findings");
  const prefix = createHash("sha256").update(baseUrl).digest("hex").slice(0, 12);
  const file = join(folder, `${prefix}-${process.pid}-${randomBytes(4).toString("hex")}.jsonl`);
  let writable = true;
  return {
    load: () => attempt(() => loadFolder(folder, prefix, now()), []),
    append(record) {
      if (!writable) return;
      writable = attempt(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        appendFileSync(file, `${JSON.stringify({ ...record, notedAt: now() })}\n`, { mode: 0o600 });
        return true;
      }, false);
    },
  };
}

type NotedRecord = z.infer<typeof ackRecord>;

function loadFolder(folder: string, prefix: string, now: number): AckRecord[] {
  const files = readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".jsonl"))
    .map((name) => ({ path: join(folder, name), modified: statSync(join(folder, name)).mtimeMs }));
  for (const { path } of files.filter(({ modified }) => now - modified > ACKS_KEPT_MS))
    rmSync(path, { force: true });
  return (
    files
      .filter(({ modified }) => now - modified <= ACKS_KEPT_MS)
      .flatMap(({ path }) => readFileSync(path, "utf8").split("\n").flatMap(parseLine))
      // By our own clock: Datadog's, to the second, would put a change before the doubt that preceded it.
      .sort((one, other) => one.notedAt - other.notedAt)
  );
}

/** A line that a killed process left half-written counts for nothing. */
function parseLine(line: string): NotedRecord[] {
  return attempt(() => [ackRecord.parse(JSON.parse(line))], []);
}

function attempt<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch {
    return otherwise;
  }
}
