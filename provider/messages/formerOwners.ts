import { count } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { Finding } from "../datadog/model/findingsApi";

/** Names users for messages. */
export interface UserLabels {
  label(user: { readonly id: string; readonly name?: string | null }): string;
}

/** `12 from nobody, 2 from Sam Somebody <sam@example.com>`: who has most comes first. */
export function formerOwners(findings: readonly Pick<Finding, "assignee">[], users: UserLabels): string {
  const names = findings.map(({ assignee }) => (assignee === null ? "nobody" : users.label(assignee)));
  const byName = [...groupBy(names, (name) => name)].sort(([, one], [, other]) => other.length - one.length);
  return byName.map(([name, { length }]) => `${count(length)} from ${name}`).join(", ");
}
