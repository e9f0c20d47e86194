import { randomUUID } from "node:crypto";
import { z } from "zod";
import { systemClock } from "../../../provider/datadog/http/systemClock";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../../emulator";
import { runEngine } from "../../support/simulatedEngine";
import { contend } from "../contend";
import { ENGINE_STEP_MS } from "../engineStep";
import type { State, Work } from "../work";
import { NaiveProvider } from "./naiveProvider";

const props = z.object({ findingIds: z.array(z.string()), assignee: z.string() });

async function runNaive({ url, assignments, parallel }: Work, state: State): Promise<void> {
  const headers = {
    "content-type": "application/json",
    "dd-api-key": EMULATOR_API_KEY,
    "dd-application-key": EMULATOR_APP_KEY,
  };
  const provider = new NaiveProvider(url, headers);
  const deploy = async ({ name, findingIds, assignee }: Work["assignments"][number]) => {
    const inputs = { findingIds, assignee };
    const old = state.get(name);
    if (!old) await provider.create(inputs);
    else if ((await provider.diff(old.id, props.parse(old.outputs), inputs)).changes)
      await provider.update(old.id, props.parse(old.outputs), inputs);
    state.set(name, { id: randomUUID(), inputs, outputs: inputs });
  };
  await runEngine(assignments, deploy, { clock: systemClock, parallel, stepMs: () => ENGINE_STEP_MS });
}

void contend(runNaive);
