import { common, findingSet, without } from "../../provider/core/findingSet";
import { parseState } from "../../provider/lifecycle/assignmentState";
import type { StoredResource } from "../support/providerHarness";
import type { DeclaredSet } from "./randomProgram";

/**
 * The fewest requests with which any provider that knows this state, and Datadog only through its API, can reach the
 * program: full batches by assignee, a look at each finding before it is released, and one lookup for each e-mail.
 */
export function leastRequests(
  state: ReadonlyMap<string, StoredResource>,
  program: ReadonlyMap<string, DeclaredSet>,
): number {
  const toSend = new Map<string, Set<string>>();
  const emails = new Set<string>();
  const held: string[] = [];
  const declared: string[] = [];
  for (const { outputs } of state.values()) {
    const { findingIds, failures } = parseState(outputs);
    held.push(...findingIds, ...failures.map((failure) => failure.findingId));
  }
  for (const [name, { findingIds, user, byEmail }] of program) {
    declared.push(...findingIds);
    const stored = state.get(name);
    const old = stored && parseState(stored.outputs);
    const owned = old?.assigneeId === user.id ? [...old.findingIds, ...old.missing] : [];
    const lacking = without([...findingIds], owned);
    const unchanged =
      old &&
      lacking.length === 0 &&
      common([...old.findingIds, ...old.missing], findingIds).length === owned.length;
    if (!unchanged && byEmail) emails.add(user.email);
    const ids = toSend.get(user.id) ?? new Set();
    for (const id of lacking) ids.add(id);
    toSend.set(user.id, ids);
  }
  const releases = batchCount(without(findingSet(held), declared).length);
  const assigns = [...toSend.values()].reduce((sum, ids) => sum + batchCount(ids.size), 0);
  return assigns + 2 * releases + emails.size;
}

function batchCount(findings: number): number {
  return Math.ceil(findings / 100);
}
