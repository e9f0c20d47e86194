import assert from "node:assert/strict";
import { createBatchSender } from "../../../provider/changes/batchSender";
import { ApiError } from "../../../provider/datadog/errors";
import type { Finding, FindingsApi } from "../../../provider/datadog/model/findingsApi";

const ADA = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";

interface World {
  readonly gone: readonly string[];
  readonly searched: readonly string[];
  /** What the guard holds back, by the number of the request. */
  readonly held: (request: number) => readonly string[];
}

function found(id: string): Finding {
  const nothing = { severity: null, status: null, type: null, title: null, tags: [], assignee: null };
  return { id, ...nothing, ticket: null, resourceId: null, resourceName: null, detectedAt: null };
}

/** An API whose guard has had its say before each request. */
function rig({ gone, searched, held }: World) {
  const patches: string[][] = [];
  const api: FindingsApi = {
    assign: async (findingIds) => {
      const leftAlone = findingIds.filter((id) => held(patches.length).includes(id));
      const sent = findingIds.filter((id) => !leftAlone.includes(id));
      patches.push(sent);
      if (sent.some((id) => gone.includes(id))) {
        throw new ApiError(404, [{ title: "", detail: "finding not found" }], { method: "PATCH", path: "/" });
      }
      return { failures: [], unattributed: [], warnings: [], leftAlone, acceptedAt: 0 };
    },
    search: async () => ({ findings: searched.map(found), answeredAt: 0 }),
    listUsers: async () => [],
    getUser: async () => undefined,
    anyUser: async () => undefined,
    listTeams: async () => [],
    listTeamMembers: async () => undefined,
    listOnCall: async () => undefined,
    listShifts: async () => [],
  };
  const send = createBatchSender({ api, uuid: () => ADA });
  return { patches, send: (ids: readonly string[]) => send(ADA, ids, async () => new Set()) };
}

describe("a batch with a guard", () => {
  it("takes no finding for missing that the guard may have held back when the batch was refused", async () => {
    const { send } = rig({
      gone: ["b"],
      searched: ["a", "b"],
      held: (request) => (request === 0 ? ["new"] : ["b"]),
    });
    const outcomes = await send(["a", "b", "new"]);
    assert.equal(outcomes.get("new")?.kind, "done");
    assert.equal(outcomes.get("b")?.kind, "leftAlone");
  });

  it("still tells the missing from the others, and leaves alone what is held back", async () => {
    const { send, patches } = rig({ gone: ["c"], searched: ["a", "b"], held: () => ["b"] });
    const outcomes = await send(["a", "b", "c"]);
    const kinds = ["a", "b", "c"].map((id) => outcomes.get(id)?.kind);
    assert.deepEqual(kinds, ["done", "leftAlone", "missing"]);
    assert.deepEqual(patches, [["a", "c"], ["a"], ["c"]]);
  });
});
