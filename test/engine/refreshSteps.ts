import type { ResourceState } from "./checkpoint";
import { type DefaultProvider, isProvider } from "./defaultProvider";
import type { StepContext } from "./deleteSteps";
import { equalProperties } from "./properties";
import { diffProperties } from "./propertyDiff";
import { nameOf } from "./providerProtocol";
import type { RunControl } from "./runControl";
import type { StackSnapshot } from "./stackSnapshot";

/** Reads every resource of the state, and makes the state say what exists. */
export async function refreshResources({ snapshot, provider, control }: StepContext): Promise<void> {
  const results = new Map<ResourceState, ResourceState | undefined>();
  const refresh = async (resource: ResourceState) => {
    if (isProvider(resource)) return;
    const refreshed = resource.custom ? await readResource(provider, resource) : resource;
    if (resource.custom) results.set(resource, refreshed);
    reportRefresh(control, resource, refreshed);
  };
  const running = snapshot.untouched.map((resource) =>
    control.inSlot(() => refresh(resource)).catch((error: unknown) => control.fail(error, resource.urn)),
  );
  await Promise.all(running);
  control.checkStopped();
  snapshot.rebase((resource) => (results.has(resource) ? results.get(resource) : resource));
  dropDangling(snapshot, results);
  await snapshot.save();
}

function reportRefresh(control: RunControl, old: ResourceState, news: ResourceState | undefined): void {
  const changed = news && !(equalProperties(old.inputs ?? {}, news.inputs ?? {}) && equalOutputs(old, news));
  const kind = news === undefined ? "delete" : changed ? "update" : "same";
  const diff = kind === "update" ? diffProperties(old.inputs ?? {}, news?.inputs ?? {}) : [];
  // before the program of an `up --refresh` its steps are not counted twice
  if (control.command === "refresh")
    control.step({ urn: old.urn, type: old.type, name: nameOf(old.urn), kind, diff, failed: false });
}

const equalOutputs = (a: ResourceState, b: ResourceState) =>
  equalProperties(a.outputs ?? {}, b.outputs ?? {});

async function readResource(
  provider: DefaultProvider,
  resource: ResourceState,
): Promise<ResourceState | undefined> {
  const { client } = await provider.load();
  const existing = await client.read(resource);
  if (!existing) return undefined;
  const { initErrors: _, ...healthy } = resource;
  const refreshed: ResourceState = {
    ...healthy,
    id: existing.id,
    inputs: existing.inputs ?? resource.inputs,
    outputs: existing.outputs,
    modified: new Date().toISOString(),
  };
  // what an `up` of the unchanged program would do: the old inputs are what the program wants
  await client.diff(refreshed, resource.inputs ?? {}, resource.ignoreChanges ?? []);
  return refreshed;
}

/**
 * Nothing may refer to a resource that is gone. As in the real engine, a resource that depends on nothing by any
 * of its properties loses the (empty) list of these.
 */
function dropDangling(
  snapshot: StackSnapshot,
  results: ReadonlyMap<ResourceState, ResourceState | undefined>,
): void {
  const urns = new Set(snapshot.untouched.map(({ urn }) => urn));
  const exists = (urn: string) => urns.has(urn);
  const refreshed = new Set(results.values());
  snapshot.rebase((resource) => {
    if (!refreshed.has(resource)) return resource;
    const byProperty = Object.entries(resource.propertyDependencies ?? {})
      .map(([key, dependencies]) => [key, (dependencies ?? []).filter(exists)] as const)
      .filter(([, dependencies]) => dependencies.length > 0);
    return {
      ...resource,
      parent: resource.parent !== undefined && exists(resource.parent) ? resource.parent : undefined,
      dependencies: resource.dependencies?.filter(exists),
      propertyDependencies: Object.fromEntries(byProperty),
    };
  });
}
