import { parseState } from "../../provider/lifecycle/assignmentState";
import type { StoredResource } from "../support/providerHarness";
import type { DeclaredSet } from "./randomProgram";

/**
 * What is as declared by the state, resource by resource, and its owner: none of it need be sent again. A resource that declares what
 * another has already does not know.
 */
export function keptFindings(
  state: ReadonlyMap<string, StoredResource>,
  program: ReadonlyMap<string, DeclaredSet>,
): Map<string, string> {
  const kept = new Map<string, string>();
  for (const [name, { findingIds, user }] of program) {
    const stored = state.get(name);
    const old = stored && parseState(stored.outputs);
    if (old?.assigneeId !== user.id) continue;
    for (const id of old.findingIds) if (findingIds.has(id)) kept.set(id, user.id);
  }
  const declared = new Set<string>();
  for (const { findingIds } of program.values()) {
    for (const id of findingIds) {
      if (declared.has(id)) kept.delete(id);
      declared.add(id);
    }
  }
  return kept;
}

/**
 * What each resource that holds it still declares, whoever is to have it: it is never unassigned on the way. And what some resource
 * of the state lets go of.
 */
export function sortHeld(
  state: ReadonlyMap<string, StoredResource>,
  program: ReadonlyMap<string, DeclaredSet>,
): { readonly staying: ReadonlySet<string>; readonly leaving: ReadonlySet<string> } {
  const staying = new Set<string>();
  const leaving = new Set<string>();
  for (const [name, { outputs }] of state) {
    const { findingIds, failures } = parseState(outputs);
    const declared = program.get(name)?.findingIds;
    for (const id of [...findingIds, ...failures.map(({ findingId }) => findingId)]) {
      (declared?.has(id) ? staying : leaving).add(id);
    }
  }
  for (const id of leaving) staying.delete(id);
  return { staying, leaving };
}

/** Which resource of the state holds a finding, or may hold it. */
export function heldBy(state: ReadonlyMap<string, StoredResource>): Map<string, string> {
  const holders = new Map<string, string>();
  for (const [name, { outputs }] of state) {
    const { findingIds, failures } = parseState(outputs);
    for (const { findingId } of failures) holders.set(findingId, name);
    for (const id of findingIds) holders.set(id, name);
  }
  return holders;
}

/** Findings whose change is still to be made. */
export function openIn(state: ReadonlyMap<string, StoredResource>): string[] {
  return [...state.values()].flatMap(({ outputs }) =>
    parseState(outputs).failures.map((failure) => failure.findingId),
  );
}

/** Findings whose change failed without an answer that tells whether it was made. */
export function unansweredIn(state: ReadonlyMap<string, StoredResource>): string[] {
  const failures = [...state.values()].flatMap(({ outputs }) => parseState(outputs).failures);
  // What was refused in the end may have been lost before.
  const mayBeMade = (status: number) => status === 0 || status === 408 || status === 429 || status >= 500;
  return failures.filter(({ status }) => mayBeMade(status)).map(({ findingId }) => findingId);
}
