import type { Day } from "../core/day";
import { UserLookupError } from "../datadog/errors/userLookupError";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { effectiveOwnership } from "../rules/effectiveOwnership";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import { isNobody, onlyUser, type RuleOwners } from "../rules/ruleOwners";
import { loadOwnershipFile } from "../rulesFile/ownershipFile";
import { AssigneeResolver } from "../session/assigneeResolver";
import { findRightOwners } from "../session/findOwners";
import { OwnerDirectory } from "../session/ownerDirectory";
import type { BesideRules } from "./besideRules";

export interface LoadedRules {
  readonly spec: OwnershipSpec;
  readonly context: OwnershipContext;
}

/** Reads a file and looks its owners up. */
export async function loadRules(
  api: FindingsApi,
  file: string,
  today: Day,
  beside: BesideRules,
): Promise<LoadedRules> {
  const spec = beside.within(effectiveOwnership(loadOwnershipFile(file, today).declaration, today));
  const resolver = new AssigneeResolver(api);
  const directory = new OwnerDirectory(api, { find: (name) => resolver.find(name) });
  const ownerIds = await Promise.all(
    spec.rules.map(async (rule) => {
      const found = await ownersOf(rule.owners, resolver, directory).catch((error: unknown) => {
        throw nameRule(rule.name, error);
      });
      return [...new Set([...found, ...beside.lastOwner(rule).given])];
    }),
  );
  return { spec, context: { ownerIds, deployed: beside.deployed } };
}

/** @throws Error where there is nobody */
async function ownersOf(
  owners: RuleOwners,
  resolver: AssigneeResolver,
  directory: OwnerDirectory,
): Promise<readonly string[]> {
  if (isNobody(owners)) return [];
  const user = onlyUser(owners);
  if (user !== undefined) return [await resolver.resolve(user)];
  const { recipients, failure } = await findRightOwners(directory, owners);
  if (failure !== undefined) throw new OwnersError(failure);
  return recipients.map(({ userId }) => userId);
}

/** What is wrong with an owner says which rule to mend; what is wrong with a request is no rule's fault. */
function nameRule(name: string, error: unknown): unknown {
  if (!(error instanceof UserLookupError || error instanceof OwnersError)) return error;
  return new Error(`rule "${name}": ${error.message}`, { cause: error });
}

/** Nobody stands behind the owners of a rule. */
class OwnersError extends Error {
  override readonly name = "OwnersError";
}
