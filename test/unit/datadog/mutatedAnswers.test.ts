import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { RequestError } from "../../../provider/datadog/errors";
import { withRetry } from "../../../provider/datadog/http/retry";
import { SimulatedClock } from "../../emulator";
import getUser from "../../emulator/fixtures/getUser.json";
import listTeams from "../../emulator/fixtures/listTeams.json";
import listUsers from "../../emulator/fixtures/listUsers.json";
import scheduleOnCall from "../../emulator/fixtures/scheduleOnCall.json";
import searchFindings from "../../emulator/fixtures/searchFindings.json";
import teamMembersPage1 from "../../emulator/fixtures/teamMembersPage1.json";
import teamOnCall from "../../emulator/fixtures/teamOnCall.json";
import fc from "../../support/fc";
import { mutatedJson } from "../../support/mutatedJson";

const clock = new SimulatedClock();
const UUID = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const sent = ["a", "b", "__proto__"];
const problem = { finding_id: "a", status: 500, title: "Error", detail: "later" };
const assigned = {
  data: { id: UUID, type: "assignee", attributes: { assignee_id: UUID } },
  meta: { failures: [problem, { ...problem, finding_id: "b" }], warnings: [problem] },
};

const schedule = { id: UUID, relationships: { teams: { data: [{ id: UUID, type: "teams" }] } } };
const OTHER = "00000000-0000-4000-8000-000000000000";

function apiAnswering(body: string, answers: (path: string) => string = () => body) {
  const settings = { enabled: false, timeoutMs: 0, maxRetries: 0, backoffBaseMs: 0, backoffMultiplier: 1 };
  const send = withRetry(async ({ path }) => ({ status: 200, headers: {}, body: answers(path) }), {
    settings,
    clock,
    random: () => 0,
  });
  return createFindingsApi(send, clock);
}

const replacement = fc.oneof(
  fc.constantFrom(undefined, null, "", 0, -1, 1e308, true, [], {}, "double", "__proto__", "constructor"),
  fc.jsonValue(),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
);

const endpoints: Readonly<Record<string, readonly [unknown, (body: string) => Promise<unknown>]>> = {
  search: [searchFindings.response.body, (body) => apiAnswering(body).search({ query: "" })],
  users: [listUsers.response.body, (body) => apiAnswering(body).listUsers("ada")],
  user: [getUser.response.body, (body) => apiAnswering(body).getUser(UUID)],
  teams: [listTeams.response.body, (body) => apiAnswering(body).listTeams("ada")],
  "team members": [teamMembersPage1.response.body, (body) => apiAnswering(body).listTeamMembers(UUID)],
  "on call": [teamOnCall.response.body, (body) => apiAnswering(body).listOnCall(UUID)],
  schedules: [{ data: [schedule] }, (body) => apiAnswering(body).listShifts([OTHER])],
  shift: [
    scheduleOnCall.response.body,
    (body) => {
      const answers = (path: string) =>
        path.includes("?filter") ? JSON.stringify({ data: [schedule] }) : body;
      return apiAnswering(body, answers).listShifts([UUID]);
    },
  ],
  assign: [
    assigned,
    async (body) => {
      const { failures, warnings } = await apiAnswering(body).assign(sent, UUID, UUID);
      for (const problems of [failures, warnings]) {
        const ids = problems.map(({ findingId }) => findingId);
        assert.equal(new Set(ids).size, ids.length, "a finding twice");
        assert.ok(
          ids.every((id) => sent.includes(id)),
          "a finding that was not sent",
        );
        assert.ok(problems.every(({ status }) => Number.isInteger(status)));
      }
    },
  ],
};

describe("hostile answers: any value of a valid answer replaced, removed or doubled", () => {
  for (const [name, [valid, call]] of Object.entries(endpoints)) {
    it(`never crashes ${name} with anything but a RequestError, and reaches no prototype`, async () => {
      await call(JSON.stringify(valid));
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(), replacement, async (at, value) => {
          const body = mutatedJson(valid, at, value) ?? "";
          try {
            await call(body);
          } catch (error) {
            assert.ok(error instanceof RequestError, `${String(error)} on ${body}`);
            refused++;
          }
          assert.equal(Reflect.get({}, "polluted"), undefined);
        }),
        { numRuns: 1_000 },
      );
      assert.ok(refused > 0, "no mutation was ever refused");
    });
  }
});
