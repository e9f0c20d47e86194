import { BrokenPromise } from "./brokenPromise";
import { type DeploymentRecord, declaredOwners, SHOWN_IDS, tells } from "./deploymentRecord";
import type { World } from "./reachedState";

/** A deployment in which Datadog refused findings that exist fails, and names them. */
export function demandFailuresNamed(
  deployment: DeploymentRecord,
  refused: ReadonlySet<string>,
  world: Pick<World, "exists" | "ownerOf">,
): void {
  const { killed, cancelled, errors, lists } = deployment;
  if (killed || cancelled) return;
  const owners = declaredOwners(lists);
  const isOpen = (id: string) => owners.has(id) && world.exists(id) && world.ownerOf(id) !== owners.get(id);
  const open = [...refused].filter(isOpen);
  const untold = open.filter((id) => !tells(errors.values(), id));
  if (open.length <= SHOWN_IDS && untold.length > 0)
    throw new BrokenPromise(`${untold.join(", ")} failed, and no error names them`, untold[0]);
}
