import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "./checkpoint";
import type { StepContext } from "./deleteSteps";
import { isProvider } from "./stackProviders";

/** Reads every resource of the state, and makes the state say what exists. */
export async function refreshResources(context: StepContext): Promise<void> {
  const { snapshot, progress } = context;
  const read = new Map<ResourceState, ResourceState | undefined>();
  const steps = snapshot.olds.map((resource) =>
    progress.step(resource, async () => {
      if (isProvider(resource)) return;
      const news = resource.custom ? await readResource(context, resource) : resource;
      if (resource.custom) read.set(resource, news);
      // before the program of an `up --refresh` its steps are not counted twice
      if (progress.command === "refresh") reportRefresh(context, resource, news);
    }),
  );
  await Promise.allSettled(steps);
  progress.checkStopped();
  snapshot.change((resource) => (read.has(resource) ? read.get(resource) : resource));
  const urns = new Set(snapshot.olds.map(({ urn }) => urn));
  const refreshed = new Set(read.values());
  snapshot.change((resource) => (refreshed.has(resource) ? withoutDangling(resource, urns) : resource));
  snapshot.save();
}

function reportRefresh({ progress }: StepContext, old: ResourceState, news: ResourceState | undefined): void {
  if (!news) return progress.stepped("delete", old, false);
  const isSame = isDeepStrictEqual([old.inputs, old.outputs], [news.inputs, news.outputs]);
  progress.stepped(isSame ? "same" : "update", news, false, old.inputs);
}

async function readResource(context: StepContext, old: ResourceState): Promise<ResourceState | undefined> {
  const provider = await context.providers.for(old).load();
  const existing = await provider.read(old);
  if (!existing) return undefined;
  const news = { ...old, ...existing, initErrors: undefined, modified: new Date().toISOString() };
  // what an `up` of the unchanged program would do: the old inputs are what the program wants
  await provider.diff(news, old);
  return news;
}

/**
 * Nothing may refer to a resource that is gone. As in the real engine, a resource that depends on nothing by
 * any of its properties loses the (empty) list of these.
 */
function withoutDangling(resource: ResourceState, urns: ReadonlySet<string>): ResourceState {
  const exists = (urn: string) => urns.has(urn);
  const byProperty = Object.entries(resource.propertyDependencies ?? {})
    .map(([key, dependencies]) => [key, (dependencies ?? []).filter(exists)] as const)
    .filter(([, dependencies]) => dependencies.length > 0);
  return {
    ...resource,
    parent: resource.parent !== undefined && exists(resource.parent) ? resource.parent : undefined,
    dependencies: resource.dependencies?.filter(exists),
    propertyDependencies: Object.fromEntries(byProperty),
  };
}
