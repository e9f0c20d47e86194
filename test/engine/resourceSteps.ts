import type { ResourceState } from "./checkpoint";
import type { DefaultProvider, LoadedProvider } from "./defaultProvider";
import { deleteResource } from "./deleteSteps";
import type { Registered, StepKind } from "./deployment";
import { goString } from "./goString";
import { equalProperties, type PropertyMap, UNKNOWN } from "./properties";
import { diffProperties } from "./propertyDiff";
import type { ProviderClient } from "./providerClient";
import { ProviderError } from "./providerError";
import { type DiffResult } from "./providerProtocol";
import { type Goal, ignoreChanges, urnOf } from "./resourceGoal";
import type { RunControl } from "./runControl";
import type { StackSnapshot } from "./stackSnapshot";

interface Plan {
  readonly kind: Exclude<StepKind, "delete">;
  readonly goal: Goal;
  readonly old: ResourceState | undefined;
  readonly state: ResourceState;
  readonly client: ProviderClient | undefined;
}

/** Turns each registration of the program into a step, and takes it. */
export class ResourceSteps {
  /** What the program declared: everything else in the state is deleted in the end. */
  readonly declared = new Set<string>();
  /** Deleted so that what they depended on could be replaced: they come back as replacements. */
  readonly #condemned = new Set<string>();
  #planning: Promise<unknown> = Promise.resolve();

  constructor(
    readonly stack: string,
    readonly project: string,
    readonly snapshot: StackSnapshot,
    readonly provider: DefaultProvider,
    readonly control: RunControl,
  ) {}

  async register(goal: Goal): Promise<Registered> {
    const urn = urnOf(goal, this.stack, this.project);
    try {
      this.control.checkStopped();
      const provider = goal.custom ? await this.provider.register() : undefined;
      const plan = await this.#inTurn(() => this.#plan(goal, urn, provider));
      return await this.control.inSlot(() => this.#take(plan));
    } catch (error) {
      this.control.fail(error, urn);
      throw error;
    }
  }

  /** Resolves when no plan is being made; after a stop none is begun. */
  async idle(): Promise<void> {
    await this.#planning;
  }

  /** The real engine plans one resource at a time (Check, Diff), and takes the steps in parallel. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#planning.then(() => {
      this.control.checkStopped();
      return work();
    });
    this.#planning = turn.catch(() => undefined);
    return turn;
  }

  async #plan(goal: Goal, urn: string, provider: LoadedProvider | undefined): Promise<Plan> {
    if (this.declared.has(urn))
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.declared.add(urn);
    const old = this.snapshot.find(urn);
    const client = provider?.client;
    const state = this.#newState(goal, urn, provider, old);
    if (!client) {
      const same = old && equalProperties(old.inputs ?? {}, goal.properties);
      return { kind: same ? "same" : old ? "update" : "create", goal, old, state, client };
    }
    if (old) state.inputs = ignoreChanges(goal.properties, old.inputs ?? {}, goal.ignoreChanges);
    state.inputs = await this.#check(client, state, old?.inputs, state.inputs ?? {});
    if (!old) return { kind: this.#condemned.has(urn) ? "replace" : "create", goal, old, state, client };
    const diff = await this.#diff(client, old, state.inputs, goal.ignoreChanges);
    if (diff.changes !== "DIFF_NONE" && diff.replaces.length > 0)
      return this.#planReplacement({ kind: "replace", goal, old, state, client }, client, diff);
    const unhealthy = (old.initErrors?.length ?? 0) > 0;
    return { kind: diff.changes === "DIFF_NONE" && !unhealthy ? "same" : "update", goal, old, state, client };
  }

  #newState(goal: Goal, urn: string, provider: LoadedProvider | undefined, old: ResourceState | undefined) {
    const now = new Date().toISOString();
    return {
      urn,
      custom: goal.custom,
      id: old?.id,
      type: goal.type,
      inputs: goal.properties,
      outputs: old?.outputs,
      parent: goal.parent === "" ? undefined : goal.parent,
      protect: goal.protect,
      dependencies: [...goal.dependencies],
      provider: provider?.reference,
      propertyDependencies: { ...goal.propertyDependencies },
      retainOnDelete: goal.retainOnDelete,
      ignoreChanges: [...goal.ignoreChanges],
      created: old?.created ?? now,
      modified: old?.modified ?? now,
    } satisfies ResourceState as ResourceState;
  }

  async #check(
    client: ProviderClient,
    state: ResourceState,
    olds: PropertyMap | undefined,
    news: PropertyMap,
  ): Promise<PropertyMap> {
    const { inputs, failures } = await client.check(state, olds, news);
    const name = state.urn.split("::").at(-1);
    const messages = failures.map(({ property, reason }) => {
      const value = property && `: property ${property} value {${goString(inputs[property])}}`;
      return `${state.type} resource '${name}'${value} has a problem: ${reason}`;
    });
    const last = messages.pop();
    for (const message of messages) this.control.report({ severity: "error", message, urn: state.urn });
    if (last !== undefined) throw new Error(last);
    return inputs;
  }

  /** A provider that cannot tell whether something changed leaves it to the inputs. */
  async #diff(
    client: ProviderClient,
    old: ResourceState,
    inputs: PropertyMap,
    ignored: readonly string[],
  ): Promise<DiffResult> {
    const diff = await client.diff(old, inputs, ignored);
    if (diff.changes !== "DIFF_UNKNOWN") return diff;
    return { ...diff, changes: equalProperties(old.inputs ?? {}, inputs) ? "DIFF_NONE" : "DIFF_SOME" };
  }

  async #planReplacement(plan: Plan, client: ProviderClient, diff: DiffResult): Promise<Plan> {
    const { old, state, goal } = plan;
    if (!old) return plan;
    if (old.protect && goal.protect)
      throw new Error(
        `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
      );
    state.inputs = await this.#check(client, state, undefined, goal.properties);
    state.id = undefined;
    state.outputs = undefined;
    if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) return plan;
    for (const condemned of [...(await this.#dependentReplacements(client, old)).reverse(), old]) {
      this.#condemned.add(condemned.urn);
      await this.control.inSlot(() => deleteResource(this, condemned, { replacing: true }));
    }
    return { ...plan, old: undefined };
  }

  /** What must go before `root` can: resources that a change of their dependency would replace as well. */
  async #dependentReplacements(client: ProviderClient, root: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set([root.urn]);
    const found: ResourceState[] = [];
    for (const candidate of this.snapshot.untouched) {
      if (!candidate.custom || candidate === root || this.declared.has(candidate.urn)) continue;
      const inputs = Object.entries(candidate.inputs ?? {}).map(([key, value]) => {
        const changes = candidate.propertyDependencies?.[key]?.some((urn) => replaced.has(urn));
        return [key, changes ? UNKNOWN : value] as const;
      });
      if (!inputs.some(([key, value]) => value === UNKNOWN && candidate.inputs?.[key] !== UNKNOWN)) continue;
      const diff = await client.diff(candidate, Object.fromEntries(inputs), []);
      if (diff.replaces.length === 0) continue;
      replaced.add(candidate.urn);
      found.push(candidate);
    }
    return found;
  }

  async #take(plan: Plan): Promise<Registered> {
    const { kind, old, state } = plan;
    try {
      if (kind === "same") await this.#keep(plan);
      else if (this.control.preview || !plan.client)
        await this.#settle(plan, plan.client ? state.inputs : old?.outputs);
      else await this.#apply(plan, plan.client);
    } catch (error) {
      this.#reportStep(plan, true);
      throw error;
    }
    this.#reportStep(plan, false);
    // of a component the program is told no more than it said itself
    const answer = plan.client ? state.outputs : state.inputs;
    const registered = { urn: state.urn, id: state.id, outputs: answer ?? {} };
    this.control.registered.push(registered);
    return registered;
  }

  #reportStep({ kind, goal, old, state }: Plan, failed: boolean): void {
    const diff = kind === "update" ? diffProperties(old?.inputs ?? {}, state.inputs ?? {}) : [];
    this.control.step({ urn: state.urn, type: goal.type, name: goal.name, kind, diff, failed });
  }

  async #keep({ old, state }: Plan): Promise<void> {
    this.snapshot.replace(old, state);
    // a program of unchanged resources shall not write the state once for each of them
    const changed = (option: "protect" | "retainOnDelete") => Boolean(old?.[option]) !== state[option];
    if (changed("protect") || changed("retainOnDelete")) await this.snapshot.save();
  }

  async #settle({ kind, old, state }: Plan, outputs: PropertyMap | undefined): Promise<void> {
    state.outputs = outputs;
    if (kind !== "same") state.modified = new Date().toISOString();
    if (kind === "replace" && old) {
      old.delete = true;
      this.snapshot.changed(old);
    }
    this.snapshot.replace(kind === "replace" ? undefined : old, state);
    await this.snapshot.save();
  }

  async #apply(plan: Plan, client: ProviderClient): Promise<void> {
    const { kind, old, state, goal } = plan;
    const inputs = state.inputs ?? {};
    try {
      if (kind === "update" && old) {
        const update = () => client.update(old, inputs, goal.ignoreChanges);
        await this.#settle(plan, await this.snapshot.operate("updating", state, update));
      } else {
        const create = () => client.create(state, inputs);
        const { id, properties } = await this.snapshot.operate("creating", state, create);
        state.id = id;
        await this.#settle(plan, properties);
      }
    } catch (error) {
      if (error instanceof ProviderError && error.initFailure)
        await this.#keepUnhealthy(plan, error.initFailure);
      else await this.snapshot.save();
      throw error;
    }
  }

  /** The change was made, but not in full: the state keeps it, with the reasons. */
  async #keepUnhealthy(plan: Plan, failure: NonNullable<ProviderError["initFailure"]>): Promise<void> {
    plan.state.id = failure.id;
    plan.state.initErrors = [...failure.reasons];
    if (failure.inputs) plan.state.inputs = failure.inputs;
    await this.#settle(plan, failure.properties);
  }
}
