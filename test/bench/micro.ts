import { planAssignment } from "../../provider/core/assignmentPlan";
import { Claims } from "../../provider/core/claims";
import { findingSet } from "../../provider/core/findingSet";
import { ownershipSpec } from "../../provider/core/ownership/rule";
import { ruleQueries } from "../../provider/core/ownership/ruleQueries";
import { parseQuery } from "../../provider/core/query/parseQuery";
import { ChangeQueue } from "../../provider/lifecycle/changeQueue";
import { seedFindings } from "../emulator";
import { scenario } from "../support/scenario";

const ids = seedFindings({ count: 100_000 }).map(({ id }) => id);
const some = ids.slice(0, 10_000);
const [one, two] = ["f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0", "9919ec9b-ebc7-49ee-8dc8-03626e717cca"] as const;
const instant = { now: () => 0, sleep: async () => {} };

function delta(all: readonly string[]) {
  const sorted = findingSet(all);
  const holding = { assigneeId: one, findingIds: sorted, doubtful: [], pendingReleases: [] };
  return () => planAssignment(holding, { assigneeId: one, findingIds: sorted.slice(5) });
}

const rules = Array.from({ length: 20 }, (_, index) => ({
  name: `team-${index}`,
  query: `@severity:(critical OR high) team:t${index}`,
  assignee: `lead-${index}@example.com`,
}));

async function main(): Promise<void> {
  const { Bench } = await import("tinybench");
  const bench = new Bench({ time: 1_000, iterations: 5, warmupTime: 100, warmupIterations: 1 });
  bench
    .add("set of 10,000 ids", () => findingSet(some))
    .add("set of 100,000 ids", () => findingSet(ids))
    .add("delta over 10,000 ids", delta(some))
    .add("delta over 100,000 ids", delta(ids))
    .add("claims of 100,000 ids", () => new Claims().declare(ids, one, "a"))
    .add("queue of 10,000 changes, instant sender", async () => {
      const queue = new ChangeQueue({
        clock: instant,
        retryDelayMs: () => 0,
        sendBatch: async (_assignee, batch) =>
          new Map(batch.map((id) => [id, { kind: "done", acceptedAt: 0, warnings: [] }])),
      });
      await queue.submit(some.map((findingId) => ({ findingId, assigneeId: two })));
    })
    .add("queries of 20 rules", () =>
      ruleQueries(ownershipSpec({ rules }), { ownerIds: rules.map(() => one), deployed: [] }),
    )
    .add("parse of a rule's query", () => parseQuery("@severity:(critical OR high) team:payments -env:dev"))
    .add("create of 10,000 findings on the emulator, in virtual time", async () => {
      const stage = scenario({ findings: 10_000 });
      const program = { a: { findingIds: stage.ids, assignee: stage.users[0] } };
      await stage.clock.run(stage.provider.up(program));
    });
  await bench.run();
  console.table(
    bench.tasks.map(({ name, result }) => {
      if (result.state !== "completed") return { what: name, failed: result.state };
      const { p50, p99, samplesCount } = result.latency;
      return { what: name, "median ms": round(p50), "p99 ms": round(p99), runs: samplesCount };
    }),
  );
  const { maxRSS } = process.resourceUsage();
  console.log(`Peak memory: ${Math.round(maxRSS / 1024)} MB; node ${process.version}`);
}

function round(ms: number): number {
  return Number(ms.toPrecision(3));
}

void main();
