import { systemClock } from "../../../provider/datadog/http/systemClock";
import { assignment, ownership } from "../../../provider/provider";
import { runEngine } from "../../support/simulatedEngine";
import { contend } from "../contend";
import { ENGINE_STEP_MS } from "../engineStep";
import type { State, Work } from "../work";

type Props = Record<string, unknown>;

/** This provider, called as the engine calls it. Its keys and URL are in the environment. */
async function runProvider(work: Work, state: State): Promise<void> {
  const { assignments, rules, step, parallel } = work;
  const options = { clock: systemClock, parallel, stepMs: () => ENGINE_STEP_MS };
  if (step === "refresh") {
    await runEngine(
      [...state],
      ([name, { id, inputs, outputs }]) => refresh(state, name, id, inputs, outputs),
      options,
    );
    return;
  }
  const resources = assignments.map(({ name, ...args }) => ({
    name,
    args: args as Props,
    provider: assignment,
  }));
  if (rules.length > 0) resources.push({ name: "security", args: { rules }, provider: ownership });
  await runEngine(resources, ({ name, args, provider }) => deploy(state, name, args, provider), options);
}

async function deploy(state: State, name: string, args: Props, provider: typeof assignment): Promise<void> {
  const old = state.get(name);
  const declared = { ...args, resourceName: name, __provider: "text" };
  const { inputs: checked, failures = [] } = await provider.check(old?.inputs ?? {}, declared);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  const inputs = { ...checked, __provider: "text" };
  if (!old) {
    const { id, outs } = await provider.create(inputs);
    state.set(name, { id, inputs, outputs: { ...outs } });
    return;
  }
  if (!(await provider.diff(old.id, old.outputs, inputs)).changes) return;
  const { outs } = await provider.update(old.id, old.outputs, inputs);
  state.set(name, { id: old.id, inputs, outputs: { ...outs } });
}

async function refresh(state: State, name: string, id: string, inputs: Props, outputs: Props): Promise<void> {
  const { props } = await assignment.read(id, outputs);
  state.set(name, { id, inputs, outputs: { ...props } });
}

void contend(runProvider);
