import assert from "node:assert/strict";
import { UnfinishedSearchError } from "../../../provider/datadog/errors";
import { wholeSearches } from "../../../provider/datadog/http/wholeSearches";
import type { HttpRequest } from "../../../provider/datadog/model/transport";
import listFindings from "../../emulator/fixtures/listFindings.json";
import searchFindings from "../../emulator/fixtures/searchFindings.json";

const search: HttpRequest = { method: "POST", path: "/api/v2/security/findings/search", family: "search" };
const assign: HttpRequest = {
  method: "PATCH",
  path: "/api/v2/security/findings/assignee",
  family: "assignee",
};

function answer(request: HttpRequest, body: string, status = 200) {
  return wholeSearches(async () => ({ status, headers: {}, body }))(request);
}

describe("an answer to a search", () => {
  it("that was not finished is a failure that may pass, and says its status", async () => {
    for (const status of ["timeout", "running", ""]) {
      await assert.rejects(answer(search, JSON.stringify({ data: [], meta: { status } })), (error) => {
        assert.ok(error instanceof UnfinishedSearchError && error.passing && !error.ambiguous);
        assert.ok(error.message.includes(`its status is "${status}"`), error.message);
        return true;
      });
    }
  });

  it("that is done, or does not say, is an answer", async () => {
    const recorded = [searchFindings.response.body, listFindings.response.body];
    for (const body of [...recorded, { data: [] }, { meta: null }, { meta: { status: 7 } }, [], "text"]) {
      assert.equal((await answer(search, JSON.stringify(body))).status, 200);
    }
    assert.equal((await answer(search, "<html>")).body, "<html>");
  });

  it("is judged by others where it is an error, or none to a search", async () => {
    const body = JSON.stringify({ meta: { status: "timeout" } });
    assert.equal((await answer(search, body, 504)).status, 504);
    assert.equal((await answer(assign, body)).status, 200);
  });
});
