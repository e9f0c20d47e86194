import { parseState, storeInputs, storeState } from "../assignment/assignmentState";
import { isUuid } from "../core/claims";
import { count, countOf } from "../core/count";
import { findingSet, without } from "../core/findingSet";
import { findUser } from "../datadog/findUser";
import { searchAll } from "../datadog/searchAll";
import { firstIds } from "../messages/messages";
import { ownedBy } from "../query/findingQueries";
import { lookUpOwners } from "../session/lookUpOwners";
import type { Session } from "../session/session";
import type { Properties } from "./properties";

/** The most findings that an import of a user takes over: as many as `getFindings` returns by default. */
const MOST_FINDINGS = 10_000;

/** How far beyond they are counted, for the error alone. */
const COUNTED_BEYOND = 1_000;

/**
 * Findings that a user owns already, as a resource: `USER` takes all of them, `USER/ID,ID` these.
 * @param id `USER` is an e-mail, a handle or a UUID
 * @throws Error where there are none, or too many, or one belongs to somebody else
 */
export async function importAssignment(
  session: Session,
  id: string,
  name: string,
): Promise<{ readonly props: Properties; readonly inputs: Properties }> {
  const slash = id.indexOf("/");
  const assignee = slash < 0 ? id : id.slice(0, slash);
  const listed =
    slash < 0
      ? undefined
      : findingSet(
          id
            .slice(slash + 1)
            .split(",")
            .filter(Boolean),
        );
  if (assignee === "" || listed?.length === 0) {
    throw new Error(
      `${name}: ${JSON.stringify(id)} is not an import id of a FindingsAssignment: write USER for all findings of a user, ` +
        "or USER/ID,ID for some of them; USER is an e-mail, a handle or a UUID",
    );
  }
  const assigneeId = isUuid(assignee)
    ? assignee.toLowerCase()
    : (await findUser(session.api, assignee, session.cancelled)).id;
  const findingIds = listed
    ? await ownedOf(session, name, assignee, assigneeId, listed)
    : await allOf(session, name, assignee, assigneeId);
  const inputs = {
    findingIds,
    assignee: isUuid(assignee) ? assigneeId : assignee,
    onMissing: "fail" as const,
    resourceName: name,
  };
  const state = parseState({ ...inputs, assigneeId });
  const props = storeState({ ...state, account: session.account.known });
  return { props, inputs: storeInputs(inputs) };
}

async function allOf(
  session: Session,
  name: string,
  assignee: string,
  assigneeId: string,
): Promise<string[]> {
  const query = ownedBy([assigneeId]).text;
  const atMost = MOST_FINDINGS + COUNTED_BEYOND;
  const { findings, more } = await searchAll(session.api, { query, atMost, signal: session.cancelled });
  if (findings.length === 0)
    throw new Error(`${name}: ${assignee} owns no findings: there is nothing to import`);
  if (findings.length > MOST_FINDINGS) {
    const found = `${more ? "more than " : ""}${count(findings.length)}`;
    throw new Error(
      `${name}: ${assignee} owns ${found} findings, and an import takes ${count(MOST_FINDINGS)} at most: ` +
        `import some of them with ${assignee}/ID,ID, or declare a FindingsOwnership`,
    );
  }
  return findingSet(findings.map((finding) => finding.id));
}

async function ownedOf(
  session: Session,
  name: string,
  assignee: string,
  assigneeId: string,
  findingIds: readonly string[],
): Promise<string[]> {
  const { findings } = await lookUpOwners(session, name, findingIds);
  const owned = findingIds.filter((id) => findings.get(id)?.assignee?.id === assigneeId);
  const others = without(findingIds, owned);
  if (others.length === 0) return [...findingIds];
  throw new Error(
    `${name}: ${count(others.length)} of ${countOf(findingIds, "finding")} ${others.length === 1 ? "does" : "do"} not belong to ${assignee}: ` +
      `${firstIds(others)}; import those that do, and add the others in the program`,
  );
}
