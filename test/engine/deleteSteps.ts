import type { ResourceState } from "./checkpoint";
import type { RunProgress } from "./runProgress";
import { isDefaultProvider, isProvider, type StackProviders } from "./stackProviders";
import type { StackSnapshot } from "./stackSnapshot";

/** What steps work on, and report to. */
export interface StepContext {
  readonly snapshot: StackSnapshot;
  readonly providers: StackProviders;
  readonly progress: RunProgress;
}

function dependsOn(resource: ResourceState, other: ResourceState): boolean {
  return (
    resource.parent === other.urn ||
    resource.deletedWith === other.urn ||
    resource.dependencies?.includes(other.urn) === true ||
    resource.provider?.startsWith(`${other.urn}::`) === true ||
    Object.values(resource.propertyDependencies ?? {}).some((urns) => urns?.includes(other.urn))
  );
}

/**
 * The waves in which resources can be deleted: the last one depends on nothing that is deleted, the one
 * before it on nothing but that, and so on. Within a wave the youngest comes first.
 */
export function planWaves(condemned: readonly ResourceState[]): ResourceState[][] {
  const waves: ResourceState[][] = [];
  for (let left = [...condemned].reverse(); left.length > 0; ) {
    const wave = left.filter((resource) => !left.some((other) => dependsOn(resource, other)));
    waves.unshift(wave);
    left = left.filter((resource) => !wave.includes(resource));
  }
  return waves;
}

/** Deletes what the program no longer declares, and what has been replaced: last of all, dependents first. */
export async function deleteUndeclared(context: StepContext, declared: ReadonlySet<string>): Promise<void> {
  const { snapshot, progress } = context;
  const condemned = snapshot.olds.filter(({ urn, delete: replaced }) => replaced || !declared.has(urn));
  const gone = new Set(condemned.map(({ urn }) => urn));
  const kept: ResourceState[] = [];
  for (const wave of planWaves(condemned)) {
    const steps = wave.map((resource) => {
      // a protected resource stays, with all that it needs; the others may go
      const isProtected = resource.protect === true && !resource.delete;
      if (isProtected) reportProtected(progress, resource);
      if (!isProtected && !kept.some((other) => dependsOn(other, resource)))
        return progress.step(resource, () => deleteResource(context, resource, gone));
      kept.push(resource);
      return undefined;
    });
    await Promise.allSettled(steps);
    progress.checkStopped();
  }
  if (kept.length > 0) progress.failStep();
}

function reportProtected(progress: RunProgress, resource: ResourceState): void {
  const { urn } = resource;
  const message = `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``;
  progress.report({ severity: "error", message, urn });
  progress.stepped("delete", resource, true);
}

/**
 * Deletes one resource: at the provider, unless it is retained or goes with another one, and from the state.
 * @param gone URNs of all that are deleted
 */
async function deleteResource(
  context: StepContext,
  resource: ResourceState,
  gone: ReadonlySet<string>,
): Promise<void> {
  const { snapshot, providers, progress } = context;
  // a replaced resource has been counted with its replacement, and a default provider is nobody's business
  const isSilent = resource.delete === true || isDefaultProvider(resource);
  const goesWithOther = resource.deletedWith !== undefined && gone.has(resource.deletedWith);
  const isRemote = resource.custom && !isProvider(resource) && !resource.retainOnDelete && !goesWithOther;
  let failed = true;
  try {
    if (isRemote && !progress.isPreview) {
      const loaded = await providers.for(resource).load();
      await snapshot.operate("deleting", resource, () => loaded.delete(resource));
    }
    snapshot.replace(resource);
    failed = false;
  } finally {
    snapshot.save();
    if (!isSilent) progress.stepped("delete", resource, failed);
  }
}
