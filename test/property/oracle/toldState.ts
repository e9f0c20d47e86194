import type { DeclaredSet } from "../randomProgram";
import type { DeploymentRecord } from "./deploymentRecord";
import type { OwnerEvent } from "./ownerTimeline";

/** What one resource was told to have assigned, and what else it may have to let go of. */
interface Told {
  user: string;
  /** Accepted for `user`, in a deployment whose end the state tells of. */
  readonly accepted: Set<string>;
  /** Declared since the last deployment that went well, and not told to be accepted. */
  readonly open: Set<string>;
}

/**
 * What any provider can know from its own past deployments, resource by resource: worked out from the
 * programs, from which resources failed, and from what was truly changed. It is the measure for the fewest
 * requests; nobody asks the provider's state.
 */
export class ToldState {
  readonly #resources = new Map<string, Told>();

  get resources(): ReadonlyMap<
    string,
    { readonly user: string; readonly accepted: ReadonlySet<string>; readonly open: ReadonlySet<string> }
  > {
    return this.#resources;
  }

  /**
   * @param events what the deployment changed
   * @param hasAssigned whether we have ever assigned the finding to the user, and it exists
   */
  deployed(
    deployment: DeploymentRecord,
    events: readonly OwnerEvent[],
    hasAssigned: (findingId: string, userId: string) => boolean,
  ): void {
    if (deployment.kind === "refresh") return;
    const changed = new Map(events.map((event) => [event.findingId, event.to]));
    const { lists, only, errors, killed, kind } = deployment;
    for (const [name, list] of lists) {
      if (only && !only.includes(name)) continue;
      if (killed || errors.has(name)) this.#broke(name, list, changed, killed);
      else this.#succeeded(name, list, hasAssigned);
    }
    if (kind !== "destroy" && only) return;
    for (const [name, told] of this.#resources) {
      if (lists.has(name)) continue;
      const isGone = !killed && !errors.has(name) && (errors.size === 0 || kind === "destroy");
      if (isGone) this.#resources.delete(name);
      else for (const id of told.accepted) told.open.add(id);
    }
  }

  /** What may have changed since is to be assigned again. */
  forget(isInDoubt: (findingId: string) => boolean): void {
    for (const { accepted, open } of this.#resources.values()) {
      for (const id of accepted) {
        if (!isInDoubt(id)) continue;
        accepted.delete(id);
        open.add(id);
      }
    }
  }

  #succeeded(
    name: string,
    { findingIds, user }: DeclaredSet,
    hasAssigned: (findingId: string, userId: string) => boolean,
  ): void {
    const accepted = new Set([...findingIds].filter((id) => hasAssigned(id, user.id)));
    const open = new Set([...findingIds].filter((id) => !accepted.has(id)));
    this.#resources.set(name, { user: user.id, accepted, open });
  }

  #broke(
    name: string,
    { findingIds, user }: DeclaredSet,
    changed: ReadonlyMap<string, string | null>,
    killed: boolean,
  ): void {
    const before = this.#resources.get(name);
    const kept = before && (before.user === user.id || killed) ? before.accepted : [];
    const accepted = new Set([...kept].filter((id) => !changed.has(id)));
    if (!killed) for (const id of findingIds) if (changed.get(id) === user.id) accepted.add(id);
    const all = [...(before?.accepted ?? []), ...(before?.open ?? []), ...findingIds];
    const open = new Set(all.filter((id) => !accepted.has(id)));
    this.#resources.set(name, { user: killed && before ? before.user : user.id, accepted, open });
  }
}
