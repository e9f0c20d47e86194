import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import {
  ApiError,
  PermissionError,
  speaksOfAssignee,
  speaksOfFinding,
  UnexpectedAnswerError,
} from "../../../provider/datadog/errors";
import type { HttpRequest, HttpResponse } from "../../../provider/datadog/model/transport";
import { searchAll } from "../../../provider/datadog/searchAll";
import { findingsWithIds } from "../../../provider/query/findingQueries";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";
import attachNoFinding from "../../emulator/fixtures/attachNoFinding.json";
import getUser from "../../emulator/fixtures/getUser.json";
import listFindings from "../../emulator/fixtures/listFindings.json";
import listUsers from "../../emulator/fixtures/listUsers.json";
import muteAccepted from "../../emulator/fixtures/muteAccepted.json";
import muteNotFound from "../../emulator/fixtures/muteNotFound.json";
import searchBadRequest from "../../emulator/fixtures/searchBadRequest.json";
import searchFindings from "../../emulator/fixtures/searchFindings.json";

const clock = new SimulatedClock();
const ADA = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const REQUEST_ID = "00000000-0000-4000-8000-000000000001";

interface Recording {
  readonly response: { readonly status: number; readonly body: unknown };
}

function apiAnswering(response: Partial<HttpResponse>, sent: HttpRequest[] = []) {
  return createFindingsApi(async (request) => {
    sent.push(request);
    return { status: 200, headers: {}, body: "", ...response };
  }, clock);
}

function apiPlaying({ response }: Recording) {
  return apiAnswering({ status: response.status, body: JSON.stringify(response.body) });
}

describe("recorded answers are understood", () => {
  it("a page of findings, of search and of list alike", async () => {
    for (const recording of [searchFindings, listFindings]) {
      const { findings } = await apiPlaying(recording).search({ query: "" });
      const recorded = recording.response.body.data;
      assert.deepEqual(
        findings.map(({ id }) => id),
        recorded.map(({ id }) => id),
      );
      for (const [index, finding] of findings.entries()) {
        const { custom } = recorded[index]?.attributes.attributes ?? {};
        assert.equal(finding.severity, custom?.severity);
        assert.equal(finding.status, custom?.status);
        assert.equal(finding.title, custom?.title);
        assert.deepEqual(finding.tags, recorded[index]?.attributes.tags);
      }
    }
  });

  it("users, one of them without a name", async () => {
    const [user] = await apiPlaying(listUsers).listUsers("test");
    const [recorded] = listUsers.response.body.data;
    assert.deepEqual(user, {
      id: recorded?.id,
      name: null,
      email: recorded?.attributes.email,
      handle: recorded?.attributes.handle,
      disabled: false,
      serviceAccount: false,
      organisationId: "4dee724d-00cc-11ea-a77b-570c9d03c6c5",
    });
    const one = await apiPlaying(getUser).getUser("any");
    assert.equal(one?.id, getUser.response.body.data.id);
  });

  it("an accepted change, here of the sister endpoint mute", async () => {
    const receipt = await apiPlaying(muteAccepted).assign(["a"], ADA, REQUEST_ID);
    assert.deepEqual([receipt.failures, receipt.warnings], [[], []]);
  });

  const refused: readonly (readonly [name: string, recording: Recording, message: RegExp])[] = [
    ["finding not found", muteNotFound, /^Datadog answered PATCH \S+ with 404 .*finding not found/],
    [
      "no finding provided",
      attachNoFinding,
      /^Datadog answered PATCH \S+ with 400 Bad Request: no finding provided/,
    ],
    [
      "a bad search",
      searchBadRequest,
      /^Datadog answered PATCH \S+ with 400 Bad Request: document is missing required/,
    ],
  ];
  for (const [name, recording, message] of refused) {
    it(`a refusal: ${name}`, async () => {
      const work = apiPlaying(recording).assign(["a"], ADA, REQUEST_ID);
      await assert.rejects(work, (error) => error instanceof ApiError && message.test(error.message));
    });
  }
});

describe("what is sent", () => {
  it("for an assignment: type, data.id, assignee and findings; for an unassignment no assignee", async () => {
    const sent: HttpRequest[] = [];
    const api = apiAnswering({ status: 202, body: "{}" }, sent);
    await api.assign(["A==", "b~"], ADA, REQUEST_ID);
    await api.assign(["A=="], null, REQUEST_ID);
    const [assigning, unassigning] = sent;
    assert.deepEqual(assigning?.body, {
      data: {
        type: "assignee",
        id: REQUEST_ID,
        attributes: { assignee_id: ADA },
        relationships: {
          findings: {
            data: [
              { id: "A==", type: "findings" },
              { id: "b~", type: "findings" },
            ],
          },
        },
      },
    });
    assert.match(JSON.stringify(unassigning?.body), /"attributes":\{\}/);
    assert.deepEqual([assigning?.method, assigning?.family], ["PATCH", "assignee"]);
  });

  it("for a user or a filter: quoted for a URL, so that it stays what it is", async () => {
    const sent: HttpRequest[] = [];
    const api = apiAnswering({ body: '{"data":[]}' }, sent);
    await api.listUsers("ada+x&page[size]=1#?@example.com");
    await assert.rejects(api.getUser("../keys?x"), UnexpectedAnswerError);
    const [list, one] = sent.map(({ path }) => new URL(path, "https://h.example"));
    assert.equal(list?.searchParams.get("filter"), "ada+x&page[size]=1#?@example.com");
    assert.deepEqual(list?.searchParams.getAll("page[size]"), ["100"]);
    assert.equal(one?.pathname, "/api/v2/users/..%2Fkeys%3Fx");
  });
});

describe("both shapes of errors", () => {
  const cases: readonly (readonly [name: string, body: string, said: string])[] = [
    ["a list of strings", '{"errors":["Forbidden words"]}', "Forbidden words"],
    [
      "a list of objects",
      '{"errors":[{"status":"404","title":"Not Found","detail":"finding not found"}]}',
      "Not Found: finding not found",
    ],
    [
      "an object without a title",
      '{"errors":[{"status":"404","detail":"assignee not found"}]}',
      "assignee not found",
    ],
    ["an object of other types", '{"errors":[{"title":null,"detail":["x"]}]}', ""],
    ["both in one list", '{"errors":["one",{"title":"Two","detail":"2"}]}', "one; Two: 2"],
    ["an HTML page", "<html><h1>Not</h1>\n<p>here</p></html>", "Not here"],
    ["text", "no such route", "no such route"],
    ["cut JSON", '{"errors":["Forb', '{"errors":["Forb'],
    ["another JSON", '{"message":"no"}', '{"message":"no"}'],
    ["nothing", "", ""],
  ];
  for (const [name, body, said] of cases) {
    it(`and what else may come: ${name}`, async () => {
      await assert.rejects(apiAnswering({ status: 404, body }).assign(["a"], ADA, REQUEST_ID), (error) => {
        assert.ok(error instanceof ApiError);
        const answer = said === "" ? "404" : `404 ${said}`;
        assert.equal(
          error.message,
          `Datadog answered PATCH /api/v2/security/findings/assignee with ${answer}`,
        );
        return true;
      });
    });
  }

  it("tell a 404 of the assignee from one of a finding", async () => {
    const refusal = (body: string) =>
      apiAnswering({ status: 404, body })
        .assign(["a"], ADA, REQUEST_ID)
        .then(() => undefined, speaksOfAssignee);
    assert.equal(await refusal('{"errors":["assignee not found"]}'), true);
    assert.equal(await refusal('{"errors":[{"title":"Not Found","detail":"user does not exist"}]}'), true);
    assert.equal(await refusal(JSON.stringify(muteNotFound.response.body)), false);
    assert.equal(await refusal('{"errors":["finding not found or not visible to the user"]}'), false);
    assert.equal(await refusal('{"errors":["no route /api/v2/security/findings/assignee"]}'), false);
  });

  it("take no part of a finding's id for the assignee", () => {
    const problem = { title: "Not Found", detail: 'no "mute-user-7": x-assignee-1.' };
    assert.equal(speaksOfAssignee(problem), true);
    assert.equal(speaksOfAssignee(problem, ["mute-user-7", "x-assignee-1"]), false);
  });

  it("tell a 404 of a finding from one of the endpoint itself", async () => {
    const refusal = (body: string) =>
      apiAnswering({ status: 404, body })
        .assign(["a"], ADA, REQUEST_ID)
        .then(() => undefined, speaksOfFinding);
    assert.equal(await refusal(JSON.stringify(muteNotFound.response.body)), true);
    assert.equal(await refusal('{"errors":["Not Found"]}'), false);
    assert.equal(await refusal("<p>no route /api/v2/security/findings/assignee</p>"), false);
  });

  it("control characters of a page reach nobody's terminal", async () => {
    const body = "<p>\u001b[31mred\u0007\u0000 alert</p>";
    await assert.rejects(apiAnswering({ status: 500, body }).search({ query: "" }), (error) => {
      assert.ok(error instanceof ApiError);
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      return true;
    });
  });

  it("a page of a million brackets is read as fast as any other", async () => {
    const body = "<".repeat(1_000_000);
    await assert.rejects(apiAnswering({ status: 500, body }).search({ query: "" }), ApiError);
  });
});

describe("a 403 names the permissions that are needed", () => {
  it("for each endpoint its own", async () => {
    const api = apiAnswering({ status: 403, body: '{"errors":["Forbidden"]}' });
    const needed = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.ok(error instanceof PermissionError);
      for (const permission of error.permissions) assert.ok(error.message.includes(permission));
      return error.permissions;
    };
    const write = ["security_monitoring_findings_write", "appsec_vm_write"];
    const read = ["security_monitoring_findings_read", "appsec_vm_read"];
    assert.deepEqual(await needed(api.assign(["a"], ADA, REQUEST_ID)), write);
    assert.deepEqual(await needed(api.search({ query: "" })), read);
    assert.deepEqual(await needed(api.listUsers("ada")), ["user_access_read"]);
    assert.deepEqual(await needed(api.getUser(ADA)), ["user_access_read"]);
  });
});

describe("finding ids are data", () => {
  const findings = seedFindings({ count: 5 });
  const [first] = findings;
  assert.ok(first);
  const hostile = [
    'x" OR "',
    'x") OR (*',
    `x" OR @finding_id:"${first.id}`,
    "*",
    "x\\",
    'x\\" OR "',
    "a b",
    "-a",
  ];

  for (const id of hostile) {
    it(`an id such as ${id} finds nothing else`, async () => {
      const emulator = new Emulator({ clock, findings });
      const api = createFindingsApi(inProcessSend(emulator), clock);
      const search = () => searchAll(api, { query: findingsWithIds([id]).text, atMost: 100 });
      assert.deepEqual((await search()).findings, []);
      emulator.addFindings([{ ...first, id }]);
      assert.deepEqual(
        (await search()).findings.map((finding) => finding.id),
        [id],
      );
    });
  }
});

describe("a user", () => {
  it("whom Datadog does not know is undefined; any other refusal is an error", async () => {
    assert.equal(await apiAnswering({ status: 404, body: "{}" }).getUser(ADA), undefined);
    await assert.rejects(apiAnswering({ status: 400, body: "{}" }).getUser(ADA), ApiError);
  });

  it("lists are read to their last page", async () => {
    const emulator = new Emulator({ clock });
    for (let i = 0; i < 250; i++) {
      const email = `robot.${i}@example.com`;
      emulator.putUser({ id: `robot-${i}`, name: null, email, handle: email, disabled: false });
    }
    const users = await createFindingsApi(inProcessSend(emulator), clock).listUsers("robot.");
    assert.equal(users.length, 250);
    assert.equal(emulator.requests.count("users"), 3);
  });
});
