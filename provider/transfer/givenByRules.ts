import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { firstIds } from "../messages/messages";
import type { Session } from "../session/session";
import { SessionKey } from "../session/sessionKey";

interface GivenByRule {
  /** Of the FindingsOwnership. */
  readonly resource: string;
  readonly rule: string;
}

/** What rules have assigned in this process, by finding id. */
export const givenByRules = new SessionKey(() => new Map<string, GivenByRule>());

/**
 * Warns where a list takes what a rule of this process has just given to somebody else: rules that the engine
 * comes to before the list cannot know of it, and with `overwrite` both send it in each deployment. No
 * request.
 * @param findingIds that the list is about to assign
 * @param assigneeId UUID
 */
export function warnOfTakenFromRules(
  session: Session,
  label: string,
  findingIds: readonly string[],
  assigneeId: string,
): void {
  const given = session.shared.get(givenByRules);
  const taken = findingIds.filter((id) => {
    const last = session.accepted.last(id)?.assigneeId;
    return given.has(id) && last != null && last !== assigneeId;
  });
  const byRule = groupBy(taken, (id) => JSON.stringify([given.get(id)?.resource, given.get(id)?.rule]));
  for (const ids of byRule.values()) {
    const { resource = "", rule = "" } = given.get(ids[0] ?? "") ?? {};
    const them = ids.length === 1 ? "it" : "them";
    session.print(
      `${label}: warning: rule "${rule}" of "${resource}" has given ${countOf(ids, "finding")} to somebody else in this deployment, ` +
        `and this list takes ${them}, so each deployment may send ${them} twice: name ${them} in the exclude of "${resource}", or let "${resource}" ` +
        `depend on "${label}" (dependsOn): ${firstIds(ids)}`,
    );
  }
}
