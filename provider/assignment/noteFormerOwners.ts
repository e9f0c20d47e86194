import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { RequestError } from "../datadog/errors/requestError";
import { lookUpOwners } from "../session/lookUpOwners";
import type { Session } from "../session/session";
import { tellFollowing } from "./tellFollowing";

/**
 * Looks up who has findings that are about to be assigned, where evidence of changes is wanted: a request for
 * each 100, and one for each 50 tickets that they have. What cannot be looked up is assigned all the same,
 * and its evidence does not say who had it.
 * @returns whether something was looked up
 */
export async function noteFormerOwners(
  session: Session,
  label: string,
  findingIds: readonly string[],
  assigneeId: string,
): Promise<boolean> {
  const { changeLog } = session;
  if (!changeLog || findingIds.length === 0) return false;
  try {
    const { findings } = await lookUpOwners(session, label, findingIds);
    for (const { id, assignee } of findings.values()) {
      changeLog.expect(id, { resource: label, from: assignee });
    }
    await tellFollowing(session, label, [...findings.values()], assigneeId);
    return true;
  } catch (error) {
    if (!(error instanceof MissingCredentialsError || error instanceof RequestError)) throw error;
    session.print(
      `${label}: datadog:changesFile will lack the former owners of the findings: ${error.message}`,
    );
    return false;
  }
}
