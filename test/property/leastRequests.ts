import { findingSet, without } from "../../provider/core/findingSet";
import { type AssignmentState, parseState } from "../../provider/lifecycle/assignmentState";
import type { StoredResource } from "../support/providerHarness";
import type { DeclaredSet } from "./randomProgram";

type State = ReadonlyMap<string, StoredResource>;
type Program = ReadonlyMap<string, DeclaredSet>;

/** What one resource needs, by lane: the ids for each user, those to be released, and a name to be looked up. */
interface Need {
  readonly assign: { readonly user: string; readonly ids: readonly string[] };
  readonly release: readonly string[];
  readonly email: string | undefined;
}

/**
 * The fewest requests with which any provider that knows this state, and Datadog only through its API, can reach the
 * program: full batches by user, a look at each finding before it is released, and one lookup for each e-mail.
 * @param together whether resources are under way together, so that their findings can share requests
 */
export function leastRequests(state: State, program: Program, together: boolean): number {
  const needs = needsOf(state, program, together);
  const parts = together ? [needs] : needs.map((need) => [need]);
  const emails = new Set(needs.flatMap(({ email }) => email ?? []));
  return parts.reduce((sum, part) => sum + requestsFor(part), 0) + emails.size;
}

/**
 * How many requests a deployment may take where so few are possible. Nobody waits for company: the first findings for a user
 * travel alone, and whatever has to be looked up first travels after the others.
 * @param mishaps requests that met a fault, findings that failed, and twice those that are missing
 */
export function requestBound(least: number, resources: number, mishaps: number): number {
  return least + 4 + resources / 4 + mishaps;
}

function requestsFor(needs: readonly Need[]): number {
  const byUser = new Map<string, Set<string>>();
  for (const { assign } of needs) {
    const ids = byUser.get(assign.user) ?? new Set();
    byUser.set(assign.user, ids);
    for (const id of assign.ids) ids.add(id);
  }
  const releases = batchCount(findingSet(needs.flatMap((need) => need.release)).length);
  return [...byUser.values()].reduce((sum, ids) => sum + batchCount(ids.size), 2 * releases);
}

/** What comes one after another cannot know what later resources declare. */
function needsOf(state: State, program: Program, together: boolean): Need[] {
  const declared = findingSet([...program.values()].flatMap(({ findingIds }) => [...findingIds]));
  const states = new Map([...state].map(([name, { outputs }]) => [name, parseState(outputs)]));
  const updates = [...program].map(([name, resource]) =>
    needOf(states.get(name), resource, together ? declared : [...resource.findingIds]),
  );
  const deletes = [...states].filter(([name]) => !program.has(name));
  return [
    ...updates,
    ...deletes.map(([, old]) => ({
      assign: { user: old.assigneeId, ids: [] },
      release: without(heldBy(old), declared),
      email: undefined,
    })),
  ];
}

function needOf(
  old: AssignmentState | undefined,
  { findingIds, user, byEmail }: DeclaredSet,
  declared: readonly string[],
): Need {
  const settled = old?.assigneeId === user.id ? [...old.findingIds, ...old.missing] : [];
  const ids = without([...findingIds], settled);
  const left = old ? without([...heldBy(old), ...old.missing], findingIds) : [];
  const changes =
    !old || old.assigneeId !== user.id || ids.length > 0 || left.length > 0 || old.failures.length > 0;
  return {
    assign: { user: user.id, ids },
    release: old ? without(heldBy(old), declared) : [],
    email: changes && byEmail ? user.email : undefined,
  };
}

function heldBy({ findingIds, failures }: AssignmentState): string[] {
  return findingSet([...findingIds, ...failures.map((failure) => failure.findingId)]);
}

function batchCount(findings: number): number {
  return Math.ceil(findings / 100);
}
