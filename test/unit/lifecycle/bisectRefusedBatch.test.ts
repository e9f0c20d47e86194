import assert from "node:assert/strict";
import { bisectRefusedBatch } from "../../../provider/changes/bisectRefusedBatch";
import { RequestBudget } from "../../../provider/changes/requestBudget";
import fc from "../../support/fc";

const ids = Array.from({ length: 100 }, (_, index) => `f${index}`);

async function run(gone: ReadonlySet<string>, requests: number, mostAreMissing = false) {
  const taken: string[] = [];
  let sent = 0;
  const { rejected, unclear } = await bisectRefusedBatch(ids, {
    send: async (part) => {
      sent++;
      if (part.some((id) => gone.has(id))) return "notFound";
      taken.push(...part);
      return "accepted";
    },
    budget: new RequestBudget(requests),
    mostAreMissing,
    shouldStop: () => false,
  });
  return { rejected, unclear, taken, sent };
}

const someGone = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }).map((gone) => new Set(gone));

describe("telling apart what sinks a batch", () => {
  it("puts each finding into one place, and only what is gone into the first", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.nat(60), fc.boolean(), async (gone, requests, mostAreMissing) => {
        const { rejected, unclear, taken, sent } = await run(gone, requests, mostAreMissing);
        assert.deepEqual([...rejected, ...unclear, ...taken].sort(), [...ids].sort());
        assert.ok(rejected.every((id) => gone.has(id)));
        assert.ok(sent <= requests, `${sent} requests`);
      }),
    );
  });

  it("leaves nothing unclear where the requests last", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.boolean(), async (gone, mostAreMissing) => {
        const { rejected, unclear } = await run(gone, 300, mostAreMissing);
        assert.deepEqual(unclear, []);
        assert.deepEqual(new Set(rejected), gone);
      }),
    );
  });

  it("tells some apart for good with 30 requests, however many are gone", async () => {
    await fc.assert(
      fc.asyncProperty(someGone, fc.boolean(), async (gone, mostAreMissing) => {
        const { rejected, taken } = await run(gone, 30, mostAreMissing);
        assert.ok(rejected.length + taken.length >= 5, `${rejected.length} + ${taken.length}`);
      }),
    );
  });

  it("ends where it is hopeless, after two requests", async () => {
    let sent = 0;
    const { rejected, unclear } = await bisectRefusedBatch(ids, {
      send: async () => {
        sent++;
        return "notFound";
      },
      budget: new RequestBudget(30),
      mostAreMissing: false,
      shouldStop: () => true,
    });
    assert.equal(sent, 2);
    assert.deepEqual([rejected, [...unclear].sort()], [[], [...ids].sort()]);
  });
});
