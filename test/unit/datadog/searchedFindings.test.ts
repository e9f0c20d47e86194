import assert from "node:assert/strict";
import { systemClock } from "../../../provider/datadog/http/systemClock";
import { finding } from "../../../provider/datadog/schemas";
import { createSearch } from "../../../provider/datadog/search";

const MOMENT = Date.UTC(2025, 1, 3, 9, 20, 0);

/** One finding with this workflow, as the search would return it. */
async function searched(workflow: unknown) {
  const item = { id: "f", type: "finding", attributes: { attributes: { custom: { workflow } }, tags: [] } };
  const body = JSON.stringify({ data: [item], meta: {} });
  const search = createSearch(async () => ({ status: 200, headers: {}, body }), systemClock);
  const { findings, unreadable } = await search({ query: "*" });
  return { found: findings[0], unreadable };
}

function assigned(updated_at?: unknown) {
  return { triage: { assignee: { id: "U", name: "Una", ...(updated_at !== undefined && { updated_at }) } } };
}

describe("updated_at of an assignee", () => {
  const known: readonly [string, unknown][] = [
    ["milliseconds", MOMENT],
    ["seconds", MOMENT / 1_000],
    ["ISO 8601", new Date(MOMENT).toISOString()],
    ["ISO 8601 with an offset", new Date(MOMENT).toISOString().replace("Z", "+00:00")],
    ["milliseconds as a text", String(MOMENT)],
  ];
  for (const [form, value] of known) {
    it(`is understood in ${form}`, async () => {
      const { found } = await searched(assigned(value));
      assert.equal(found?.assignee?.updatedAt, MOMENT);
    });
  }

  for (const value of [
    0,
    -1,
    "",
    "yesterday",
    "0",
    "2026-01-05T09:00:00",
    "2026-01-05",
    null,
    {},
    true,
    Number.MAX_VALUE * 2,
    undefined,
  ]) {
    it(`is unknown where it is ${JSON.stringify(value) ?? "absent"}, and the owner is read all the same`, async () => {
      const { found } = await searched(assigned(value));
      assert.equal(found?.assignee?.id, "u");
      assert.equal(found?.assignee?.updatedAt, undefined);
    });
  }
});

describe("an assignee that names nobody", () => {
  for (const assignee of [undefined, null, {}, { name: "x" }, { id: null }, { id: "" }]) {
    it(`is read as nobody: ${JSON.stringify(assignee) ?? "absent"}`, async () => {
      const { found, unreadable } = await searched({ triage: { assignee } });
      assert.equal(found?.assignee, null);
      assert.equal(unreadable, undefined);
    });
  }

  it("is not an assignee whose id has an unknown form: that finding cannot be read", () => {
    const custom = { workflow: { triage: { assignee: { id: 7 } } } };
    assert.equal(finding.safeParse({ id: "f", attributes: { attributes: { custom } } }).success, false);
  });
});

describe("the ticket of a finding", () => {
  it("is named by its Jira issue, or by its Case", async () => {
    const cases = { id: "c-1", key: "CASE-42", jira_issue: { key: "PROJ-12345" } };
    const jira = await searched({ integrations: { cases } });
    assert.deepEqual(jira.found?.ticket, { id: "c-1", key: "PROJ-12345" });
    const plain = await searched({ integrations: { cases: { id: "c-1", key: "CASE-42" } } });
    assert.deepEqual(plain.found?.ticket, { id: "c-1", key: "CASE-42" });
  });

  for (const cases of [undefined, null, {}, "x", { id: 7 }]) {
    it(`is none where the search says ${JSON.stringify(cases) ?? "nothing"}`, async () => {
      assert.equal((await searched({ integrations: { cases } })).found?.ticket, null);
    });
  }
});
