import { describeEngines } from "../engine";
import { plays } from "./plays";
import { saidByCli } from "./saidByCli";
import { inTurn, say } from "./stage";

/** Without a name: what fits into a minute. */
const shown = ["quickstart", "ownership"];

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !plays.has(name));
  if (unknown.length > 0)
    throw new Error(`no demo "${unknown.join(", ")}"; there are ${[...plays.keys()].join(", ")}`);
  const startedAt = performance.now();
  say(describeEngines());
  await inTurn((names.length > 0 ? names : shown).flatMap((name) => plays.get(name) ?? []));
  say(`\nDone in ${Math.round((performance.now() - startedAt) / 1_000)} s, without Datadog or keys.`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(saidByCli(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
});
