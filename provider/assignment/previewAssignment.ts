import { countOf } from "../core/count";
import { without } from "../core/findingSet";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { RequestError } from "../datadog/errors/requestError";
import type { CheckFailure, CheckResult } from "../engine/checkFailures";
import { containsUnknown } from "../engine/unknown";
import { formerOwners } from "../messages/formerOwners";
import { firstIds } from "../messages/messages";
import { lookUpOwners } from "../session/lookUpOwners";
import type { Session } from "../session/session";
import { type AssignmentInputs, parseInputs } from "./assignmentInputs";
import { ConflictingClaimsError, claimFindings } from "./declaredTwice";
import { nearFindings } from "./nearFinding";
import { previewTransfers, tellLeaving } from "./previewLeaving";
import { tellFollowing } from "./tellFollowing";

type Props = Readonly<Record<string, unknown>>;

/**
 * What only Datadog knows of inputs that have passed the check, in a preview: whether a new owner is an
 * active user, and who has the findings of a new resource now. One request for the owner and one for each 100
 * findings; none outside of a preview, and none with `datadog:previewLookups` set to `false`.
 * @param olds the inputs of the last deployment; empty: there was none
 */
export async function previewCheck(
  session: Session,
  olds: Props,
  checked: CheckResult,
): Promise<CheckResult> {
  const { assignee, findingIds } = checked.inputs;
  const isKnown = checked.failures.length === 0 && !containsUnknown([assignee]);
  if (!session.previewsOwners || !isKnown || isSame(olds.assignee, assignee)) return checked;
  const label = labelOf(checked.inputs);
  const told = await unlessRefused(session, label, "the owner", async () => {
    const { problem } = await session.directory.user(String(assignee));
    const failure: CheckFailure | undefined = problem && {
      property: "assignee",
      reason: `assignee: ${problem.message}`,
    };
    return { failure };
  });
  if (told?.failure) return { ...checked, failures: [told.failure] };
  if (told && Object.keys(olds).length === 0 && !containsUnknown([findingIds])) {
    const inputs = parseInputs(checked.inputs);
    try {
      await previewOwners(session, inputs, inputs.findingIds);
    } catch (error) {
      if (!(error instanceof ConflictingClaimsError)) throw error;
      return { ...checked, failures: [{ property: "", reason: error.message }] };
    }
  }
  return checked;
}

/**
 * Says in a preview what is to be unassigned, and who has the findings that are to be assigned: a request for
 * each 100 of these, and one for each 50 tickets that they have.
 * @param formerIds what the resource had until now
 * @throws ConflictingClaimsError where another resource declares one of them, or of their tickets, for
 * another user
 */
export async function previewOwners(
  session: Session,
  inputs: AssignmentInputs,
  findingIds: readonly string[],
  formerIds: readonly string[] = [],
): Promise<void> {
  if (!session.previewsOwners) return;
  const label = labelOf(inputs);
  const leaving = without(formerIds, inputs.findingIds).filter((id) => !session.claims.has(id));
  const told = await tellAssignments(session, label, inputs, findingIds, leaving);
  // After what is refused: that is the first line.
  if (!told) tellLeaving(session, label, leaving);
  const leave = leaving.length === 1 ? "leaves" : "leave";
  const where = `which rules take the ${countOf(leaving, "finding")} that ${leave} this list`;
  await unlessRefused(session, label, where, () => previewTransfers(session, label, leaving));
}

/** @returns whether what leaves the list is told already: before what comes, and after what is refused */
async function tellAssignments(
  session: Session,
  label: string,
  inputs: AssignmentInputs,
  findingIds: readonly string[],
  leaving: readonly string[],
): Promise<boolean | undefined> {
  if (findingIds.length === 0) return false;
  const what = `who owns the ${countOf(findingIds, "finding")} now`;
  return unlessRefused(session, label, what, async () => {
    const { users } = await session.directory.user(inputs.assignee);
    const { findings } = await lookUpOwners(session, label, findingIds);
    tellLeaving(session, label, leaving);
    const [owner] = users;
    const shown = [...findings.values()];
    const there = shown.filter(({ assignee }) => assignee?.id === owner?.id);
    const moving = shown.filter(({ assignee }) => assignee === null || assignee.id !== owner?.id);
    const unseen = findingIds.filter((id) => !findings.has(id));
    const to = owner ? session.users.label(owner) : inputs.assignee;
    if (moving.length > 0) {
      const from = formerOwners(moving, session.users);
      session.print(`${label}: ${countOf(moving, "finding")} to assign to ${to}: ${from}`);
      await tellFollowing(session, label, moving, owner?.id);
    }
    if (owner) claimFindings(session, inputs, owner.id);
    if (there.length > 0) {
      const belong = there.length === 1 ? "belongs" : "belong";
      session.print(`${label}: ${countOf(there, "finding")} already ${belong} to ${to}`);
    }
    if (unseen.length > 0) {
      const [them, are] = unseen.length === 1 ? ["it", "it is"] : ["them", "they are"];
      // A PATCH alone proves that a finding is gone, and a preview sends none.
      const then =
        inputs.onMissing === "fail" ? `; if ${are} gone, pulumi up fails, unless onMissing is "ignore"` : "";
      session.print(
        `${label}: warning: the search does not show ${countOf(unseen, "finding")} (gone, hidden from these keys or not indexed yet), ` +
          `so it is not known who owns ${them}${then}: ${firstIds(unseen)}`,
      );
      for (const line of nearFindings(session, unseen, leaving)) {
        session.print(`${label}: warning: ${line}`);
      }
    }
    return true;
  });
}

/** A preview goes on without what keys or network do not tell, and says what that is. */
async function unlessRefused<T>(
  session: Session,
  label: string,
  what: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof MissingCredentialsError || error instanceof RequestError)) throw error;
    session.print(`${label}: warning: could not check ${what}: ${error.message}`);
    return undefined;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase();
}

function labelOf({ resourceName }: { readonly resourceName?: unknown }): string {
  return typeof resourceName === "string" ? resourceName : "FindingsAssignment";
}
