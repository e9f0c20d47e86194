import { RequestError } from "../datadog/errors/requestError";
import type { Finding } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { NOTHING } from "../query/catchAll";
import type { DeployedOwnership, OwnershipSpec } from "../rules/rule";
import { strayQuery } from "../rules/strayQuery";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import type { OtherOwnerships } from "./otherOwnerships";

/** Findings in the scope of rules that belong to their owners, and that no rule gives to these. */
export interface Strays {
  readonly findings: readonly Finding[];
  /** Whether there are more than these. */
  readonly more: boolean;
  /** Why nobody can say whether there are any; undefined: it can be said. */
  readonly unknown?: string;
}

export const NO_STRAYS: Strays = { findings: [], more: false };

/** So many are counted: one request. */
const COUNTED_FINDINGS = 100;

/**
 * Looks for findings that stay with owners of deployed rules although no rule gives it to them, once: a state
 * of rules holds no findings, so what changed since a rule assigned it looks like what a person assigned.
 * They are told, and not released. One request, where other rules of the program are declared and cannot be
 * decided here one more for each of their queries. Where the search fails that is told, and no error.
 * @param present rules that follow the deployed ones, where some do
 */
export async function findStrays(
  session: Session,
  versions: readonly DeployedOwnership[],
  others: Pick<OtherOwnerships, "declared">,
  present?: OwnershipSpec,
): Promise<Strays> {
  const query = strayQuery(versions, present);
  if (query === undefined) return { ...NO_STRAYS, unknown: "the rules are too long for one query" };
  if (query === NOTHING) return NO_STRAYS;
  try {
    const request = { query, atMost: COUNTED_FINDINGS, onUnreadable: () => {}, signal: session.cancelled };
    const { findings, more } = await searchAll(session.api, request);
    const excluded = new Set([...versions.flatMap(({ exclude }) => exclude), ...(present?.exclude ?? [])]);
    const open = findings.filter(
      ({ id }) => !excluded.has(id) && !session.claims.has(id) && session.accepted.last(id) === undefined,
    );
    return { findings: await withoutMatched(session, others, open), more };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { ...NO_STRAYS, unknown: error.message };
  }
}

/** What rules of other resources match is theirs to tell. */
async function withoutMatched(
  session: Session,
  { declared }: Pick<OtherOwnerships, "declared">,
  findings: readonly Finding[],
): Promise<Finding[]> {
  let open = [...findings];
  for (const { spec, ownerIds } of declared) {
    const verdicts = await decideByRules(session, spec, { ownerIds, deployed: [] }, open);
    open = open.filter(({ id }) => verdicts.get(id)?.rule === undefined);
  }
  return open;
}
