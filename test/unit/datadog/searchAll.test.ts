import assert from "node:assert/strict";
import { UnexpectedAnswerError } from "../../../provider/datadog/errors";
import type { Finding, FindingsApi, FindingsPage } from "../../../provider/datadog/model/findingsApi";
import { searchAll } from "../../../provider/datadog/searchAll";
import fc from "../../support/fc";

function found(id: string): Finding {
  return {
    id,
    severity: null,
    status: null,
    type: null,
    title: null,
    tags: [],
    resourceId: null,
    resourceName: null,
    detectedAt: null,
    assignee: null,
    ticket: null,
  };
}

/** Answers the n-th search with `page(n)`; more than 1,000 are taken for endless. */
function apiWith(page: (index: number) => { ids: readonly string[]; cursor?: string }) {
  const cursors: (string | undefined)[] = [];
  const api: Pick<FindingsApi, "search"> = {
    search: async ({ cursor }): Promise<FindingsPage> => {
      cursors.push(cursor);
      assert.ok(cursors.length <= 1_000, "endless");
      const { ids, cursor: next } = page(cursors.length - 1);
      return { findings: ids.map(found), answeredAt: 0, ...(next !== undefined && { cursor: next }) };
    },
  };
  return { api, cursors };
}

describe("all pages of a search", () => {
  it("are read by their cursors up to the last, a finding that moved between them once", async () => {
    const pages = [
      { ids: ["a", "b"], cursor: "1" },
      { ids: ["b", "c"], cursor: "2" },
      { ids: ["a"], cursor: "3" },
      { ids: ["d"] },
    ];
    const { api, cursors } = apiWith((index) => pages[index] ?? { ids: [] });
    const { findings, more } = await searchAll(api, { query: "*", atMost: 100 });
    assert.deepEqual(
      findings.map(({ id }) => id),
      ["a", "b", "c", "d"],
    );
    assert.equal(more, false);
    assert.deepEqual(cursors, [undefined, "1", "2", "3"]);
  });

  it("that go round in a circle are an error: part of the findings is never taken for all of them", async () => {
    const circles = [
      () => ({ ids: ["a"], cursor: "same" }),
      (index: number) => ({ ids: [`${index % 5}`], cursor: `${index % 5}` }),
      (index: number) => ({ ids: ["a", "b"], cursor: `${index}` }),
    ];
    for (const circle of circles) {
      const { api, cursors } = apiWith(circle);
      await assert.rejects(searchAll(api, { query: "*", atMost: 10_000 }), UnexpectedAnswerError);
      assert.ok(cursors.length <= 8, `${cursors.length} requests`);
    }
  });

  for (const [unreadable, said] of [
    [["a"], "1 finding cannot be read: a;"],
    [[undefined], "1 finding cannot be read: one without an id;"],
    [["a", "b"], "2 findings cannot be read: a and others;"],
  ] as const) {
    it(`that cannot be read in full are an error: ${said}`, async () => {
      const api = {
        search: async (): Promise<FindingsPage> => ({ findings: [], answeredAt: 0, unreadable }),
      };
      await assert.rejects(searchAll(api, { query: "*", atMost: 100 }), (error: Error) => {
        assert.ok(error instanceof UnexpectedAnswerError);
        assert.ok(error.message.includes(said), error.message);
        return true;
      });
    });
  }

  it("end after at most three requests for each finding, whatever comes", async () => {
    const page = fc.record({
      ids: fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 3 }),
      cursor: fc.constantFrom("1", "2"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 5 }), async (pages) => {
        const { api, cursors } = apiWith((index) => pages[index % pages.length] ?? { ids: [] });
        await searchAll(api, { query: "*", atMost: 100 }).catch((error: unknown) => {
          assert.ok(error instanceof UnexpectedAnswerError);
        });
        assert.ok(cursors.length <= 18, `${cursors.length} requests`);
      }),
    );
  });
});
