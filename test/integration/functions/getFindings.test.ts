import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { findFindings } from "../../../provider/program/findFindings";
import { getFindings } from "../../../provider/program/getFindings";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";

describe("getFindings", () => {
  const clock = new SimulatedClock();
  const findings = seedFindings({ count: 1_500 });
  const emulator = new Emulator({ clock, findings });
  const api = createFindingsApi(inProcessSend(emulator), clock);
  const find = (args: unknown) => {
    emulator.requests.reset();
    return clock.run(findFindings(() => api, args));
  };

  it("finds all that match, up to the limit itself", async () => {
    assert.equal((await find({ query: "*" })).length, 1_500);
    assert.equal((await find({ query: "*", limit: 1_500, sort: "@detection_changed_at" })).length, 1_500);
    assert.deepEqual(await find({ query: "team:nobody", limit: 0 }), []);
    assert.equal((await find({ query: "*", limit: undefined, sort: undefined })).length, 1_500);
  });

  it("refuses more than the limit, and says how many there are", async () => {
    await assert.rejects(find({ query: "*", limit: 1_499 }), {
      message:
        'getFindings: the query "*" matches 1,500 findings, and the limit is 1,499: narrow the query, or raise `limit` ' +
        "if that is what you want",
    });
    await assert.rejects(find({ query: "*", limit: 500 }), /matches 1,500 findings, and the limit is 500/);
  });

  it("counts no more than 1,000 beyond the limit, and says so", async () => {
    await assert.rejects(
      find({ query: "*", limit: 0 }),
      /matches more than 1,000 findings, and the limit is 0:/,
    );
    assert.equal(emulator.requests.count(), 11);
  });

  it("refuses a wrong argument by name, with its value and what would be right, before anything is asked", async () => {
    const wrong: ReadonlyArray<readonly [args: unknown, problem: RegExp]> = [
      [
        { query: "*", limit: Number.NaN },
        /^getFindings: limit is NaN: a whole number of findings is needed, 0 or more$/,
      ],
      [{ query: "*", limit: -1 }, /limit is -1: a whole number/],
      [{ query: "*", limit: 1.5 }, /limit is 1\.5/],
      [{ query: "*", limit: Number.POSITIVE_INFINITY }, /limit is Infinity/],
      [{ query: "*", limit: "10" }, /limit is "10"/],
      [{ query: "*", limit: null }, /limit is null/],
      [{ query: "" }, /query is "": a query in Datadog's search syntax is needed/],
      [{ query: " " }, /query is " "/],
      [{}, /query is undefined/],
      [
        { query: "*", sort: "severity" },
        /sort is "severity": @detection_changed_at or -@detection_changed_at is needed/,
      ],
      [{ query: "*", limt: 5 }, /unknown property limt: the properties are query, limit, sort/],
      [undefined, /an object is needed, with query, limit, sort/],
    ];
    for (const [args, problem] of wrong) await assert.rejects(find(args), { message: problem });
    assert.equal(emulator.requests.count(), 0);
  });

  it("ends the program with a wrong argument, and needs no keys to say so", async () => {
    await assert.rejects(getFindings({ query: "*", limit: Number.NaN }), {
      name: "Error",
      message: /limit is NaN/,
    });
  });
});
