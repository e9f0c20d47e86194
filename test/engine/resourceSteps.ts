import { isDeepStrictEqual } from "node:util";
import type { Registered, StepKind } from "../deployment/engines/deployment";
import { nameOf, type ResourceState } from "./checkpoint";
import type { StepContext } from "./deleteSteps";
import { isMap, isSecret, type PropertyMap, type PropertyValue, UNKNOWN } from "./properties";
import type { Provider } from "./provider";
import { ProviderError } from "./providerError";
import { ignoreChanges, refusal } from "./resourceGoal";
import { limitTo, Stopped } from "./runProgress";
import { isProvider } from "./stackProviders";

interface Plan {
  readonly kind: Exclude<StepKind, "delete">;
  readonly old: ResourceState | undefined;
  /** What there is to be; of a component, everything. */
  readonly state: ResourceState;
  readonly provider: Provider | undefined;
}

/** Turns each registration of the program into a step, and takes it. */
export class ResourceSteps {
  /** What the program declared: everything else in the state is deleted in the end. */
  readonly declared = new Set<string>();
  /** The real engine plans one resource at a time (Check, Diff), and takes the steps in parallel. */
  readonly #inTurn = limitTo(1);

  constructor(readonly context: StepContext) {}

  async register(goal: ResourceState): Promise<Registered> {
    const { progress } = this.context;
    try {
      progress.checkStopped();
      if (isProvider(goal)) return await progress.step(goal, () => this.#registerProvider(goal));
      const provider = goal.custom ? await this.context.providers.for(goal).register() : undefined;
      const plan = await this.#inTurn(async () => {
        progress.checkStopped();
        return await this.#plan({ ...goal, provider: provider?.reference }, provider);
      });
      return await progress.step(plan.state, () => this.#take(plan));
    } catch (error) {
      progress.fail(error, goal.urn);
      throw new Stopped();
    }
  }

  async #registerProvider(goal: ResourceState): Promise<Registered> {
    const { snapshot, progress, providers } = this.context;
    this.#declare(goal);
    const old = snapshot.find(goal.urn);
    await providers.declare(goal).register();
    const state = snapshot.news.find(({ urn }) => urn === goal.urn) ?? goal;
    const isSame = old && isDeepStrictEqual(old.inputs, state.inputs);
    progress.stepped(isSame ? "same" : old ? "update" : "create", state, false, old?.inputs);
    const registered = { urn: state.urn, id: state.id, outputs: state.outputs ?? {} };
    progress.registered.push(registered);
    return registered;
  }

  /** @returns its URNs, that of today first */
  #declare({ urn, aliases = [] }: ResourceState): readonly string[] {
    if (this.declared.has(urn))
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    const known = [urn, ...aliases];
    for (const each of known) this.declared.add(each);
    return known;
  }

  async #plan(goal: ResourceState, provider: Provider | undefined): Promise<Plan> {
    const { urn, inputs = {} } = goal;
    const old = this.#declare(goal).flatMap((each) => this.context.snapshot.find(each) ?? [])[0];
    const { id, outputs, created = new Date().toISOString(), modified = created } = old ?? {};
    const state = { ...goal, id, outputs, created, modified };
    if (!provider) {
      const isSame = old && isDeepStrictEqual(old.inputs ?? {}, inputs);
      return { kind: isSame ? "same" : old ? "update" : "create", old, state, provider };
    }
    if (!old) return { kind: "create", old, state: await this.#check(provider, state), provider };
    const kept = { ...state, inputs: ignoreChanges(inputs, old.inputs ?? {}, goal.ignoreChanges ?? []) };
    const checked = await this.#check(provider, kept, old.inputs);
    const { changes = "DIFF_UNKNOWN", replaces = [], ...diff } = await provider.diff(old, checked);
    // a provider that cannot tell whether something changed leaves it to the inputs
    const isSame =
      changes === "DIFF_NONE" ||
      (changes === "DIFF_UNKNOWN" && isDeepStrictEqual(old.inputs, checked.inputs));
    if (isSame || replaces.length === 0) {
      const isHealthy = !old.initErrors?.length;
      return { kind: isSame && isHealthy ? "same" : "update", old, state: checked, provider };
    }
    if (diff.deleteBeforeReplace)
      throw refusal(`deleteBeforeReplace, asked for by the provider of "${urn}",`);
    if (old.protect && goal.protect)
      throw new Error(
        `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
      );
    const replacement = await this.#check(provider, { ...state, id: undefined, outputs: undefined });
    return { kind: "replace", old, state: replacement, provider };
  }

  /** The resource with the inputs as the provider wants them. */
  async #check(provider: Provider, state: ResourceState, olds?: PropertyMap): Promise<ResourceState> {
    const { inputs, failures } = await provider.check(state, olds);
    const { progress } = this.context;
    for (const { property, reason } of failures) {
      const value = property && `: property ${property} value {${goString(inputs[property])}}`;
      const message = `${state.type} resource '${nameOf(state.urn)}'${value} has a problem: ${reason}`;
      progress.fail(new Error(message), state.urn);
    }
    progress.checkStopped();
    return { ...state, inputs };
  }

  async #take(plan: Plan): Promise<Registered> {
    const { snapshot, progress } = this.context;
    const { kind, old, state } = plan;
    let taken: ResourceState | undefined;
    try {
      taken = await this.#apply(plan);
      this.#settle(plan, taken);
    } catch (error) {
      if (!(error instanceof ProviderError && error.initFailure)) throw error;
      // the change was made, but not in full: the state keeps it, with the reasons
      const { id, properties: outputs, inputs = state.inputs, reasons: initErrors } = error.initFailure;
      this.#settle(plan, { ...state, id, inputs, outputs, initErrors, modified: new Date().toISOString() });
      throw error;
    } finally {
      // a program of unchanged resources shall not write the state once for each of them
      if (kind !== "same") snapshot.save();
      progress.stepped(kind, state, taken === undefined, kind === "update" ? old?.inputs : undefined);
    }
    // of a component the program is told no more than it said itself
    const outputs = (plan.provider ? taken.outputs : taken.inputs) ?? {};
    const registered = { urn: taken.urn, id: taken.id, outputs };
    progress.registered.push(registered);
    return registered;
  }

  #settle({ kind, old }: Plan, taken: ResourceState): void {
    const { snapshot } = this.context;
    if (kind === "replace")
      snapshot.change((resource) => (resource === old ? { ...resource, delete: true } : resource));
    snapshot.replace(kind === "replace" ? undefined : old, taken);
  }

  /** Makes the resource, or changes it, and tells what came of it. */
  async #apply({ kind, old, state, provider }: Plan): Promise<ResourceState> {
    const { snapshot, progress } = this.context;
    if (kind === "same") return state;
    const modified = new Date().toISOString();
    // what a component puts out, the program says later
    if (!provider) return { ...state, modified };
    if (progress.isPreview && !provider.hasPreviews) return { ...state, outputs: state.inputs, modified };
    if (kind === "update" && old) {
      const update = () => provider.update(old, state, progress.isPreview);
      return { ...state, outputs: await snapshot.operate("updating", state, update), modified };
    }
    const create = () => provider.create(state, progress.isPreview);
    return { ...state, ...(await snapshot.operate("creating", state, create)), modified };
  }
}

/** A property as the real engine prints it in a check failure: Go's `%v` of its own types. */
function goString(value: PropertyValue | undefined): string {
  if (value === undefined || value === null) return "<nil>";
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return `[${value.map((element) => `{${goString(element)}}`).join(" ")}]`;
  if (!isMap(value)) return String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([key, field]) => `${key}:{${goString(field)}}`).join(" ")}]`;
}
