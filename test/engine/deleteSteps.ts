import type { ResourceState } from "./checkpoint";
import { type DefaultProvider, isProvider } from "./defaultProvider";
import { nameOf } from "./providerProtocol";
import type { RunControl } from "./runControl";
import { ProtectedError } from "./runErrors";
import type { StackSnapshot } from "./stackSnapshot";

/** What steps work on, and report to. */
export interface StepContext {
  readonly snapshot: StackSnapshot;
  readonly provider: DefaultProvider;
  readonly control: RunControl;
}

function dependsOn(resource: ResourceState, other: ResourceState): boolean {
  return (
    resource.parent === other.urn ||
    resource.dependencies?.includes(other.urn) === true ||
    resource.provider?.startsWith(`${other.urn}::`) === true ||
    Object.values(resource.propertyDependencies ?? {}).some((urns) => urns?.includes(other.urn))
  );
}

/**
 * The waves in which resources can be deleted: whatever depends on something goes in an earlier wave. Within a
 * wave the youngest comes first. In the state, what a resource depends on always stands before it.
 */
export function planWaves(condemned: readonly ResourceState[]): ResourceState[][] {
  const depths: number[] = [];
  condemned.forEach((resource, index) => {
    const below = condemned
      .slice(0, index)
      .flatMap((other, at) => (dependsOn(resource, other) ? [depths[at] ?? 0] : []));
    depths.push(below.length === 0 ? 0 : Math.max(...below) + 1);
  });
  const deepest = Math.max(-1, ...depths);
  return Array.from({ length: deepest + 1 }, (_, wave) =>
    condemned.filter((_resource, index) => depths[index] === deepest - wave).reverse(),
  );
}

/** Deletes one resource: at the provider unless it is retained, and from the state. */
export async function deleteResource(
  { snapshot, provider, control }: StepContext,
  resource: ResourceState,
  { replacing = false } = {},
): Promise<void> {
  const report = (failed: boolean) => {
    // a replaced resource has been counted with its replacement, and providers are nobody's business
    if (replacing || resource.delete || isProvider(resource)) return;
    const { urn, type } = resource;
    control.step({ urn, type, name: nameOf(urn), kind: "delete", diff: [], failed });
  };
  try {
    if (resource.protect && !replacing && !resource.delete) throw new ProtectedError(resource.urn);
    const remote = resource.custom && !isProvider(resource) && !resource.retainOnDelete;
    if (remote && !control.preview) {
      const { client } = await provider.load();
      await snapshot.operate("deleting", resource, () => client.delete(resource));
    }
  } catch (error) {
    await snapshot.save();
    report(true);
    throw error;
  }
  snapshot.replace(resource, undefined);
  await snapshot.save();
  report(false);
}

/** Deletes what the program no longer declares, and what has been replaced: last of all, dependents first. */
export async function deleteUndeclared(context: StepContext, declared: ReadonlySet<string>): Promise<void> {
  const { snapshot, control } = context;
  const condemned = snapshot.untouched.filter(
    (resource) => resource.delete === true || !declared.has(resource.urn),
  );
  const kept: ResourceState[] = [];
  for (const wave of planWaves(condemned)) {
    const deletable = wave.filter((resource) => !kept.some((other) => dependsOn(other, resource)));
    kept.push(...wave.filter((resource) => !deletable.includes(resource)));
    const results = deletable.map((resource) =>
      control
        .inSlot(() => deleteResource(context, resource))
        .catch((error: unknown) => {
          // a protected resource stays, with all that it needs; the others may go
          if (error instanceof ProtectedError) kept.push(resource);
          control.fail(error, resource.urn);
        }),
    );
    await Promise.all(results);
    control.checkStopped();
  }
  if (kept.length > 0) control.failStep();
}
