import type { Finding } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import { decideByRules } from "./decideByRules";

/** Ids of those findings that rules of the program have an owner for. */
export async function declaredByRules(
  session: Session,
  findings: readonly Finding[],
): Promise<ReadonlySet<string>> {
  const declared = new Set<string>();
  for (const { spec } of session.ownerships.others()) {
    const ownerIds = spec.rules.map(({ assignee }) => [assignee]);
    const verdicts = await decideByRules(session, spec, { ownerIds, deployed: [] }, findings);
    for (const [id, { rule }] of verdicts) if (rule) declared.add(id);
  }
  return declared;
}
