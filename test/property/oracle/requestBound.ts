import type { Lists } from "./deploymentRecord";
import type { ToldState } from "./toldState";

/** What one resource needs: the ids for its user, those to be let go of, and a name to be looked up. */
interface Need {
  readonly user: string;
  readonly assign: readonly string[];
  readonly release: readonly string[];
  readonly email: string | undefined;
}

/**
 * The fewest requests with which any provider that was told this, and knows Datadog only through its API, can
 * reach the program: full batches by user, a look at each finding before it is released, and a look-up for
 * each e-mail.
 * @param together whether resources are under way together, so that their findings can share requests
 */
export function leastRequests(told: ToldState, lists: Lists, together: boolean): number {
  const needs = needsOf(told, lists, together);
  const parts = together ? [needs] : needs.map((need) => [need]);
  const emails = new Set(needs.flatMap(({ email }) => email ?? []));
  return parts.reduce((sum, part) => sum + requestsFor(part), 0) + emails.size;
}

/**
 * How many requests a deployment may take where so few are possible: the first findings for a user go alone,
 * and whatever has to be looked up first comes after the others.
 * @param mishaps requests that met a fault, findings that failed, and twice those that are missing
 */
export function requestBound(least: number, resources: number, mishaps: number): number {
  return least + 4 + resources / 4 + mishaps;
}

function requestsFor(needs: readonly Need[]): number {
  const byUser = new Map<string, Set<string>>();
  for (const { user, assign } of needs) {
    const ids = byUser.get(user) ?? new Set();
    byUser.set(user, ids);
    for (const id of assign) ids.add(id);
  }
  const releases = batchCount(new Set(needs.flatMap(({ release }) => release)).size);
  return [...byUser.values()].reduce((sum, ids) => sum + batchCount(ids.size), 2 * releases);
}

/** What comes one after another cannot know what later resources declare. */
function needsOf(told: ToldState, lists: Lists, together: boolean): Need[] {
  const declared = new Set([...lists.values()].flatMap(({ findingIds }) => [...findingIds]));
  const letsGo = (held: Iterable<string>, kept: ReadonlySet<string>) =>
    [...held].filter((id) => !kept.has(id));
  const updates = [...lists].map(([name, { findingIds, user, byEmail }]): Need => {
    const old = told.resources.get(name);
    const done = old?.user === user.id ? old.accepted : new Set<string>();
    const held = old ? [...old.accepted, ...old.open] : [];
    const assign = [...findingIds].filter((id) => !done.has(id));
    const leaves = held.some((id) => !findingIds.has(id));
    const changes = !old || assign.length > 0 || leaves || old.open.size > 0;
    return {
      user: user.id,
      assign,
      release: letsGo(held, together ? declared : findingIds),
      email: byEmail && changes ? user.email : undefined,
    };
  });
  const deletes = [...told.resources].filter(([name]) => !lists.has(name));
  return [
    ...updates,
    ...deletes.map(([, { user, accepted, open }]) => ({
      user,
      assign: [],
      release: letsGo([...accepted, ...open], declared),
      email: undefined,
    })),
  ];
}

function batchCount(findings: number): number {
  return Math.ceil(findings / 100);
}
