import { count } from "../core/count";
import { RequestError } from "../datadog/errors/requestError";
import { BESIDE_IDS, findAmong } from "../datadog/findAmong";
import type { Finding } from "../datadog/model/findingsApi";
import { searchPages } from "../datadog/searchAll";
import { heldQueries } from "../rules/heldQueries";
import type { DeployedOwnership, OwnershipSpec } from "../rules/rule";
import { type StrayQuery, strayQueries } from "../rules/strayQueries";
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

/** So many are counted: one request is enough for them where none of what it finds is filtered. */
const COUNTED_FINDINGS = 100;

/** So many findings are read for one query where what it finds is filtered. */
const MOST_READ = 1_000;

/**
 * Looks for findings that stay with owners of deployed rules although no rule gives it to them, once: a state
 * of rules holds no findings, so what changed since a rule assigned it looks like what a person assigned.
 * They are told, and not released. One request, and more where rules are too long for one query; where other
 * rules of the program are declared and cannot be decided here one more for each of their queries. Where the
 * search fails that is told, and no error.
 * @param present rules that follow the deployed ones, where some do
 */
export async function findStrays(
  session: Session,
  versions: readonly DeployedOwnership[],
  others: Pick<OtherOwnerships, "declared">,
  present?: OwnershipSpec,
): Promise<Strays> {
  const excluded = new Set([...versions, ...(present ? [present] : [])].flatMap(({ exclude }) => exclude));
  try {
    const found = await Promise.all(
      strayQueries(versions, present).map((query) => readStrays(session, query, excluded, others)),
    );
    const distinct = new Map(found.flatMap(({ findings }) => findings).map((each) => [each.id, each]));
    const findings = [...distinct.values()].slice(0, COUNTED_FINDINGS);
    const more = distinct.size > COUNTED_FINDINGS || found.some((each) => each.more);
    return more && findings.length === 0 ? { ...NO_STRAYS, unknown: TOO_MANY } : { findings, more };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { ...NO_STRAYS, unknown: error.message };
  }
}

const TOO_MANY = `none of the first ${count(MOST_READ)} that were read is one, and the rest were not read`;

async function readStrays(
  session: Session,
  { query, unlessHeldBy }: StrayQuery,
  excluded: ReadonlySet<string>,
  others: Pick<OtherOwnerships, "declared">,
): Promise<Omit<Strays, "unknown">> {
  const strays: Finding[] = [];
  let read = 0;
  const request = { query, onUnreadable: () => {}, signal: session.cancelled };
  for await (const { findings, more } of searchPages(session.api, request)) {
    const open = findings.filter(
      ({ id }) => !excluded.has(id) && !session.claims.has(id) && session.accepted.last(id) === undefined,
    );
    strays.push(...(await withoutMatched(session, others, await withoutHeld(session, unlessHeldBy, open))));
    read += findings.length;
    if (more && (strays.length >= COUNTED_FINDINGS || read >= MOST_READ)) return { findings: strays, more };
  }
  return { findings: strays, more: false };
}

/** What an other version holds is released with it. */
async function withoutHeld(
  session: Session,
  versions: readonly DeployedOwnership[],
  findings: readonly Finding[],
): Promise<Finding[]> {
  const ids = findings.map(({ id }) => id);
  const queries = versions.flatMap((version) => heldQueries(version, BESIDE_IDS));
  const held = await Promise.all(queries.map((query) => findAmong(session, ids, query)));
  const heldIds = new Set(held.flat().map(({ id }) => id));
  return findings.filter(({ id }) => !heldIds.has(id));
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
