import { parseArgs } from "node:util";
import { FailedHistory } from "./history";
import { lists, listsOfPlugin, type Play, rules, rulesOfPlugin } from "./plays";
import { explain } from "./runHistories";

/** So many failed histories are told in full. */
const TOLD = 3;

/** `npm run soak -- --histories 100000 --seed 1`: as many histories as wanted; failing seeds are printed. */
async function soak(): Promise<void> {
  const { values } = parseArgs({
    options: {
      histories: { type: "string", default: "10000" },
      seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
      rules: { type: "boolean", default: false },
      /** On the plugin's front. */
      plugin: { type: "boolean", default: false },
      /** How many failed histories are told in full. */
      told: { type: "string", default: String(TOLD) },
    },
  });
  const play = playOf(values);
  const [first, count] = [Number(values.seed), Number(values.histories)];
  const startedAt = performance.now();
  let failed = 0;
  for (let seed = first; seed < first + count; seed++) {
    try {
      await play.play(seed);
    } catch (error) {
      if (!(error instanceof FailedHistory)) throw error;
      failed++;
      if (failed <= Number(values.told)) console.log(await explain(error, play));
      else console.log(`seed ${seed}: ${error.message.split("\n").slice(0, 4).join(" | ")}`);
    }
    const played = seed - first + 1;
    if (played % 1_000 === 0) console.log(`${played} of ${count} histories, ${failed} failed`);
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(`${count} histories from seed ${first} in ${seconds} s: ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function playOf({ rules: ofRules, plugin }: { readonly rules: boolean; readonly plugin: boolean }): Play {
  if (plugin) return ofRules ? rulesOfPlugin : listsOfPlugin;
  return ofRules ? rules : lists;
}

void soak();
