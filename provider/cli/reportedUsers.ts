import { PermissionError } from "../datadog/errors/permissionError";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { userLabel } from "../datadog/model/userLabel";
import type { ReportData, ReportedFinding, ReportedUser } from "./reportData";

/**
 * So many users are asked for, those with the most findings first; of the others nothing but the name is
 * known.
 */
const MOST_USERS = 200;

/**
 * Who the owners are, and whether they are still active: one request each.
 * @param names as the findings have them, by UUID
 */
export async function findReportedUsers(
  api: Pick<FindingsApi, "getUser">,
  findings: readonly ReportedFinding[],
  names: ReadonlyMap<string, string>,
): Promise<ReportData["users"]> {
  const owned = new Map<string, number>();
  for (const { owner } of findings) if (owner !== null) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  const ids = [...owned].sort(([, one], [, other]) => other - one).map(([id]) => id);
  const users: [string, ReportedUser][] = [];
  let mayAsk = true;
  for (const [index, id] of ids.entries()) {
    const name = names.get(id) ?? id;
    const found: ReportedUser | undefined =
      mayAsk && index < MOST_USERS ? await findUser(api, id, name) : undefined;
    mayAsk &&= index >= MOST_USERS || found !== undefined;
    users.push([id, found ?? { name, status: "unknown" }]);
  }
  return Object.fromEntries(users);
}

/** undefined where users may not be asked for. */
async function findUser(
  api: Pick<FindingsApi, "getUser">,
  id: string,
  name: string,
): Promise<ReportedUser | undefined> {
  try {
    const user = await api.getUser(id);
    if (!user) return { name, status: "gone" };
    return {
      name: userLabel({ ...user, name: user.name ?? name }),
      status: user.disabled ? "disabled" : "active",
    };
  } catch (error) {
    if (error instanceof PermissionError) return undefined;
    throw error;
  }
}
