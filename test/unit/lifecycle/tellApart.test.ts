import assert from "node:assert/strict";
import fc from "fast-check";
import { RequestBudget } from "../../../provider/changes/requestBudget";
import { tellApart } from "../../../provider/changes/tellApart";

const ids = Array.from({ length: 100 }, (_, index) => `f${index}`);

async function run(gone: ReadonlySet<string>, requests: number, dense = false) {
  const taken: string[] = [];
  let sent = 0;
  const { alone, unclear } = await tellApart(ids, {
    send: async (part) => {
      sent++;
      if (part.some((id) => gone.has(id))) return "notFound";
      taken.push(...part);
      return "accepted";
    },
    budget: new RequestBudget(requests),
    dense,
    isHopeless: () => false,
  });
  return { alone, unclear, taken, sent };
}

const someGone = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }).map((gone) => new Set(gone));

describe("telling apart what sinks a batch", () => {
  it("puts each finding into one place, and only what is gone into the first", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.nat(60), fc.boolean(), async (gone, requests, dense) => {
        const { alone, unclear, taken, sent } = await run(gone, requests, dense);
        assert.deepEqual([...alone, ...unclear, ...taken].sort(), [...ids].sort());
        assert.ok(alone.every((id) => gone.has(id)));
        assert.ok(sent <= requests, `${sent} requests`);
      }),
    );
  });

  it("leaves nothing unclear where the requests last", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.boolean(), async (gone, dense) => {
        const { alone, unclear } = await run(gone, 300, dense);
        assert.deepEqual(unclear, []);
        assert.deepEqual(new Set(alone), gone);
      }),
    );
  });

  it("tells some apart for good with 30 requests, however many are gone", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.boolean(), async (gone, dense) => {
        const { alone, taken } = await run(gone, 30, dense);
        assert.ok(alone.length + taken.length >= 5, `${alone.length} + ${taken.length}`);
      }),
    );
  });

  it("ends where it is hopeless, after two requests", async () => {
    let sent = 0;
    const { alone, unclear } = await tellApart(ids, {
      send: async () => {
        sent++;
        return "notFound";
      },
      budget: new RequestBudget(30),
      dense: false,
      isHopeless: () => true,
    });
    assert.equal(sent, 2);
    assert.deepEqual([alone, [...unclear].sort()], [[], [...ids].sort()]);
  });
});
