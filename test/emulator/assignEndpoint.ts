import { ApiError } from "./apiErrors";
import { type Answer, jsonAnswer } from "./exchange";
import { type ProblemDocument, problemDocument } from "./findingScript";
import type { AssignBody } from "./requestBody";
import type { World } from "./world";

/** `PATCH /api/v2/security/findings/assignee`. All or nothing up to the point where single findings fail. */
export function assignFindings(world: World, body: AssignBody, callerId: string): Answer {
  const assigneeId = body.attributes.assignee_id ?? null;
  if (assigneeId !== null && !world.users.has(assigneeId)) throw new ApiError(404, "assignee not found");
  const findingIds = [...new Set(body.relationships.findings.data.map(({ id }) => id))];
  const wholeBatch = world.settings.missingFindings === "whole-batch-404";
  if (wholeBatch && findingIds.some((id) => !world.store.has(id)))
    throw new ApiError(404, "finding not found");

  const failures: ProblemDocument[] = [];
  const warnings: ProblemDocument[] = [];
  for (const id of findingIds) {
    const failure = assignOne(world, id, assigneeId, callerId);
    if (failure !== undefined) failures.push(failure);
    else warnings.push(...[world.warnings.take(id)].filter((warning) => warning !== undefined));
  }
  return accepted(body.id ?? world.newId(), assigneeId, failures, warnings);
}

function assignOne(
  world: World,
  findingId: string,
  assigneeId: string | null,
  callerId: string,
): ProblemDocument | undefined {
  if (!world.store.has(findingId)) return problemDocument(findingId, 404, "finding not found");
  const failure = world.failures.take(findingId);
  if (failure === undefined) setOwner(world, findingId, assigneeId, callerId, "api");
  return failure;
}

export function setOwner(
  world: World,
  findingId: string,
  assigneeId: string | null,
  callerId: string,
  by: "api" | "hand",
): void {
  const user = assigneeId === null ? undefined : world.users.get(assigneeId);
  const assignee =
    user === undefined
      ? null
      : { id: user.id, name: user.name ?? user.handle, updatedAt: world.now(), updatedBy: callerId };
  world.store.assign(findingId, assignee, by);
}

function accepted(
  requestId: string,
  assigneeId: string | null,
  failures: readonly ProblemDocument[],
  warnings: readonly ProblemDocument[],
): Answer {
  const attributes = assigneeId === null ? {} : { assignee_id: assigneeId };
  const meta = {
    ...(failures.length > 0 ? { failures } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const data = { id: requestId, type: "assignee", attributes };
  return jsonAnswer(202, Object.keys(meta).length > 0 ? { data, meta } : { data });
}
