import assert from "node:assert/strict";
import { judgeOwner, MOST_CLOCK_SKEW_MS, SEARCH_LAG_MS } from "../../../provider/core/ownerJudgement";

const ours = { assigneeId: "u1", acceptedAt: 1_000_000 };
const soon = ours.acceptedAt + 1_000;
const late = ours.acceptedAt + SEARCH_LAG_MS + 1;

describe("telling a change by hand from a lag of the search index", () => {
  const cases = [
    { what: "our user", observed: { assigneeId: "u1", updatedAt: soon }, now: late, verdict: "asLeft" },
    {
      what: "another user, updated before our change",
      observed: { assigneeId: "u2", updatedAt: 999_999 },
      now: soon,
      verdict: "outdated",
    },
    {
      what: "another user, updated after our change",
      observed: { assigneeId: "u2", updatedAt: 1_001_000 },
      now: soon,
      verdict: "somebodyElse",
    },
    {
      what: "another user, updated within the second that our time is cut to",
      observed: { assigneeId: "u2", updatedAt: 1_000_999 },
      now: soon,
      verdict: "mayLag",
    },
    {
      what: "another user, updated before, long ago",
      observed: { assigneeId: "u2", updatedAt: 999_999 },
      now: late,
      verdict: "outdated",
    },
    {
      what: "another user, at an unknown time, just now",
      observed: { assigneeId: "u2", updatedAt: undefined },
      now: soon,
      verdict: "mayLag",
    },
    {
      what: "another user, at an unknown time, later",
      observed: { assigneeId: "u2", updatedAt: undefined },
      now: late,
      verdict: "somebodyElse",
    },
    {
      what: "another user, at a time that is far in the future, later",
      observed: { assigneeId: "u2", updatedAt: late + MOST_CLOCK_SKEW_MS + 1 },
      now: late,
      verdict: "somebodyElse",
    },
    {
      what: "nobody, just now",
      observed: { assigneeId: null, updatedAt: undefined },
      now: soon,
      verdict: "mayLag",
    },
    {
      what: "nobody, later",
      observed: { assigneeId: null, updatedAt: undefined },
      now: late,
      verdict: "nobody",
    },
    { what: "no finding, just now", observed: undefined, now: soon, verdict: "unseen" },
    { what: "no finding, later", observed: undefined, now: late, verdict: "unseen" },
  ] as const;
  for (const { what, observed, now, verdict } of cases) {
    it(`takes ${what} as ${verdict}`, () => assert.equal(judgeOwner(observed, ours, now), verdict));
  }

  it("sees any other owner as somebody's where the time of our change is unknown", () => {
    const own = { assigneeId: "u1", acceptedAt: undefined };
    assert.equal(judgeOwner({ assigneeId: "u2", updatedAt: undefined }, own, soon), "somebodyElse");
    assert.equal(judgeOwner({ assigneeId: null, updatedAt: undefined }, own, soon), "nobody");
  });

  it("takes a change that is still to come, by more than clocks differ, as one of unknown time", () => {
    const foreign = { assigneeId: "u2", updatedAt: undefined };
    const inTheFuture = (ms: number) => ({ assigneeId: "u1", acceptedAt: soon + ms });
    assert.equal(judgeOwner(foreign, inTheFuture(MOST_CLOCK_SKEW_MS), soon), "mayLag");
    for (const ms of [MOST_CLOCK_SKEW_MS + 1, Date.UTC(9999, 0)]) {
      assert.equal(judgeOwner(foreign, inTheFuture(ms), soon), "somebodyElse");
    }
  });
});
