import { BrokenPromise } from "./brokenPromise";
import { type DeploymentRecord, declaredOwners, SHOWN_IDS, tells } from "./deploymentRecord";

/** A deployment in which Datadog refused findings that exist fails, and names them. */
export function demandFailuresNamed(
  deployment: DeploymentRecord,
  refused: ReadonlySet<string>,
  exists: (findingId: string) => boolean,
): void {
  const { killed, cancelled, errors, lists } = deployment;
  if (killed || cancelled) return;
  const owners = declaredOwners(lists);
  const open = [...refused].filter((id) => exists(id) && owners.has(id));
  const untold = open.filter((id) => !tells(errors.values(), id));
  if (open.length <= SHOWN_IDS && untold.length > 0)
    throw new BrokenPromise(`${untold.join(", ")} failed, and no error names them`, untold[0]);
}
