import assert from "node:assert/strict";
import { assertLike } from "./assertLike";
import { assign, at, call } from "./callEmulator";
import { Emulator } from "./emulator";
import attachNoFinding from "./fixtures/attachNoFinding.json";
import getUser from "./fixtures/getUser.json";
import listFindings from "./fixtures/listFindings.json";
import listUsers from "./fixtures/listUsers.json";
import muteAccepted from "./fixtures/muteAccepted.json";
import muteNotFound from "./fixtures/muteNotFound.json";
import searchBadRequest from "./fixtures/searchBadRequest.json";
import searchFindings from "./fixtures/searchFindings.json";
import { seedFindings } from "./seed";
import { shapeDifferences } from "./shape";

describe("emulator: its answers have the shape of recorded ones", () => {
  const findings = seedFindings({ count: 30 });
  const id = findings[0]?.id ?? "";
  const emulator = new Emulator({ findings });
  const [ada] = emulator.users;
  assert.ok(ada);
  /** No recording of a finding has an assignee or code owners; the facts about the API name the keys. */
  const additions = [
    "data[].attributes.attributes.custom.workflow.triage",
    "data[].attributes.attributes.custom.git",
  ];

  it("search", async () => {
    await assign(emulator, [id], ada.id);
    const body = searchFindings.request.body;
    const called = await call(emulator, "POST", "/api/v2/security/findings/search", body);
    assertLike(called, [searchFindings, listFindings], additions);
    const all = { data: { attributes: { filter: "", page: { limit: 20 } } } };
    const everything = await call(emulator, "POST", "/api/v2/security/findings/search", all);
    assertLike(everything, [searchFindings, listFindings], additions);
    const [assignee] = [at(everything.body, "data.0.attributes.attributes.custom.workflow.triage.assignee")];
    assert.deepEqual(Object.keys(assignee ?? {}), ["id", "name", "updated_at", "updated_by"]);
  });

  it("list", async () => {
    const path = "/api/v2/security/findings?page%5Blimit%5D=5";
    assertLike(await call(emulator, "GET", path), [listFindings, searchFindings], additions);
  });

  it("search without data", async () => {
    const called = await call(
      emulator,
      "POST",
      "/api/v2/security/findings/search",
      searchBadRequest.request.body,
    );
    assertLike(called, [searchBadRequest]);
    assert.deepEqual(called.body, searchBadRequest.response.body);
  });

  it("accepted assignment", async () => {
    assertLike(await assign(emulator, [id], ada.id), [muteAccepted], ["data.attributes"]);
  });

  it("unknown finding", async () => {
    const called = await assign(emulator, [id, "unknown"], ada.id);
    assertLike(called, [muteNotFound]);
    assert.deepEqual(called.body, muteNotFound.response.body);
  });

  it("no finding", async () => {
    const called = await assign(emulator, [], ada.id);
    assertLike(called, [attachNoFinding]);
    assert.deepEqual(called.body, attachNoFinding.response.body);
  });

  it("users", async () => {
    assertLike(await call(emulator, "GET", "/api/v2/users?filter=ada.moreau%40example.com"), [listUsers]);
  });

  it("one user", async () => {
    assertLike(await call(emulator, "GET", `/api/v2/users/${ada.id}`), [getUser]);
  });

  it("would be told from answers of another shape", () => {
    const recorded = [{ a: 1, b: [{ c: "x" }, { c: "y", d: true }], e: null }];
    assert.deepEqual(shapeDifferences({ a: 2, b: [], e: "anything" }, recorded), []);
    assert.deepEqual(shapeDifferences({ a: "2", b: [{ d: 1 }], e: 1, f: 1 }, recorded), [
      "a: string instead of number",
      "b[].c: missing",
      "b[].d: number instead of boolean",
      "f: in no recording",
    ]);
  });
});
