import { ApiError } from "./apiErrors";
import { type Answer, jsonAnswer } from "./exchange";
import { type ProblemDocument, problemDocument } from "./findingScript";
import { type OwnerResult, setOwner } from "./ownerSync";
import type { AssignBody } from "./requestBody";
import type { LoggedRequest } from "./requestLog";
import type { World } from "./world";

interface Problems {
  readonly failures: ProblemDocument[];
  readonly warnings: ProblemDocument[];
}

/** `PATCH /api/v2/security/findings/assignee`. All or nothing up to the point where single findings fail. */
export function assignFindings(
  world: World,
  body: AssignBody,
  callerId: string,
  logged: LoggedRequest,
): Answer {
  const assigneeId = body.attributes.assignee_id ?? null;
  if (assigneeId !== null && !world.users.has(assigneeId)) throw new ApiError(404, "assignee not found");
  const findingIds = [...new Set(body.relationships.findings.data.map(({ id }) => id))];
  refuseWhole(world, findingIds);

  const problems: Problems = { failures: [], warnings: [] };
  const results = findingIds.map((id) => assignOne(world, id, assigneeId, callerId, problems));
  const consequences = results.flatMap((result) => result?.consequences ?? []);
  if (consequences.length > 0) logged.consequences = consequences;
  if (problems.failures.length > 0) logged.failedIds = problems.failures.map((failure) => failure.finding_id);
  return accepted(body.id ?? world.newId(), assigneeId, problems);
}

function refuseWhole({ settings, store, refused }: World, findingIds: readonly string[]): void {
  const wholeBatch = settings.missingFindings === "whole-batch-404";
  if (wholeBatch && findingIds.some((id) => !store.has(id))) throw new ApiError(404, "finding not found");
  if (findingIds.every((id) => refused.has(id))) throw new ApiError(403, REFUSED);
}

const REFUSED = "the finding may not be changed with these keys";

/** @returns undefined where the finding was not changed */
function assignOne(
  world: World,
  findingId: string,
  assigneeId: string | null,
  callerId: string,
  { failures, warnings }: Problems,
): OwnerResult | undefined {
  const problem = (status: number, detail: string) =>
    problemDocument(world.settings.idInProblems(findingId), status, detail);
  const failure = !world.store.has(findingId)
    ? problem(404, "finding not found")
    : world.refused.has(findingId)
      ? problem(403, REFUSED)
      : world.failures.take(findingId);
  if (failure !== undefined) {
    failures.push(failure);
    return undefined;
  }
  const result = setOwner(world, { findingId, assigneeId, callerId, by: "api" });
  const { unsynchronized } = result;
  if (unsynchronized !== undefined)
    warnings.push(problem(403, `the assignee of ${unsynchronized} was not changed: no permission`));
  const warning = world.warnings.take(findingId);
  if (warning !== undefined) warnings.push(warning);
  return result;
}

function accepted(requestId: string, assigneeId: string | null, { failures, warnings }: Problems): Answer {
  const attributes = assigneeId === null ? {} : { assignee_id: assigneeId };
  const meta = {
    ...(failures.length > 0 ? { failures } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const data = { id: requestId, type: "assignee", attributes };
  return jsonAnswer(202, Object.keys(meta).length > 0 ? { data, meta } : { data });
}
