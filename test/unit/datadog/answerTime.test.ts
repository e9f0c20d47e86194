import assert from "node:assert/strict";
import { answerTime } from "../../../provider/datadog/http/answerTime";

const now = Date.UTC(2026, 0, 1, 12);
const MINUTE_MS = 60_000;
const dated = (ms: number) => answerTime({ headers: { date: new Date(ms).toUTCString() } }, now);

describe("the time of an answer", () => {
  it("is that of its Date header, ahead of our clock or behind it by up to 15 minutes", () => {
    for (const skew of [-15, -3, 0, 3, 15]) {
      assert.equal(dated(now + skew * MINUTE_MS), now + skew * MINUTE_MS, `${skew} min`);
    }
  });

  it("is that of our clock where the header is further off, is none, or is missing", () => {
    for (const skew of [-16, 16, 60, 1e9]) assert.equal(dated(now + skew * MINUTE_MS), now, `${skew} min`);
    for (const date of ["", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "0"]) {
      assert.equal(answerTime({ headers: { date } }, now), now, date);
    }
    assert.equal(answerTime({ headers: {} }, now), now);
  });
});
