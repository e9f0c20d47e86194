import { PermissionError } from "../datadog/errors/permissionError";
import type { PickedOwners } from "../rules/pickOwners";
import type { OwnershipRule } from "../rules/rule";
import { isNobody } from "../rules/ruleOwners";
import { findRecipients, findRightOwners } from "../session/findOwners";
import type { OwnerDirectory } from "../session/ownerDirectory";

/** Who stands behind the owners of a rule. */
export interface ReportedOwners {
  /** UUIDs of those whose findings are as declared. */
  readonly ownerIds: readonly string[];
  /** Why nobody can be given findings; undefined: somebody can. */
  readonly problem: string | undefined;
  /** Why owners of the list do not count now. */
  readonly passedOver: readonly string[];
}

/** An owner who cannot be found, or may not be asked for, is told with the rule: the report goes on. */
export async function findReportedOwners(
  directory: OwnerDirectory,
  { owners }: Pick<OwnershipRule, "owners">,
): Promise<ReportedOwners> {
  if (isNobody(owners)) return { ownerIds: [], problem: undefined, passedOver: [] };
  const right = await unlessForbidden(() => findRightOwners(directory, owners));
  const next =
    right.failure === undefined ? await unlessForbidden(() => findRecipients(directory, owners)) : right;
  return {
    ownerIds: right.recipients.map(({ userId }) => userId),
    problem: next.failure,
    passedOver: next.passedOver,
  };
}

async function unlessForbidden(find: () => Promise<PickedOwners>): Promise<PickedOwners> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    return { recipients: [], failure: error.message, passedOver: [] };
  }
}
