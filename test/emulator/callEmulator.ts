import type { Emulator } from "./emulator";
import { bodyText, type EmulatedRequest, type EmulatedResponse, type HeaderMap } from "./exchange";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "./keyring";

/** An answer with its body decoded; for tests of the emulator itself. */
export interface Called {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: unknown;
}

const KEYS: HeaderMap = { "dd-api-key": EMULATOR_API_KEY, "dd-application-key": EMULATOR_APP_KEY };

export function rawCall(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  headers: HeaderMap = KEYS,
): Promise<EmulatedResponse> {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const request: EmulatedRequest = { method, path, headers, body: text };
  return emulator.handle(request);
}

export async function call(...parameters: Parameters<typeof rawCall>): Promise<Called> {
  const response = await rawCall(...parameters);
  if (response.kind !== "answer") throw new Error(`no answer: ${response.kind}`);
  return { status: response.status, headers: response.headers, body: JSON.parse(bodyText(response)) };
}

export function assignmentBody(findingIds: readonly string[], assigneeId: string | null, id = "a-request") {
  return {
    data: {
      type: "assignee",
      id,
      attributes: assigneeId === null ? {} : { assignee_id: assigneeId },
      relationships: {
        findings: { data: findingIds.map((findingId) => ({ id: findingId, type: "findings" })) },
      },
    },
  };
}

export function assign(
  emulator: Emulator,
  findingIds: readonly string[],
  assigneeId: string | null,
): Promise<Called> {
  return call(
    emulator,
    "PATCH",
    "/api/v2/security/findings/assignee",
    assignmentBody(findingIds, assigneeId),
  );
}

export interface SearchCall {
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: string;
}

export function search(
  emulator: Emulator,
  filter: string,
  { limit, cursor, sort }: SearchCall = {},
): Promise<Called> {
  const attributes = { filter, page: { limit, cursor }, sort };
  return call(emulator, "POST", "/api/v2/security/findings/search", { data: { attributes } });
}

/** Ids on the first page of up to 100. */
export async function foundIds(emulator: Emulator, filter: string): Promise<string[]> {
  return idsOf((await search(emulator, filter, { limit: 100 })).body);
}

export function idsOf(body: unknown): string[] {
  const data: unknown = at(body, "data");
  if (!Array.isArray(data)) throw new Error(`no data in ${JSON.stringify(body)}`);
  return data.map((item: unknown) => String(at(item, "id")));
}

/** What is under a dotted path of a decoded body. */
export function at(node: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
      node,
    );
}
