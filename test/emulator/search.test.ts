import assert from "node:assert/strict";
import { assign, at, call, foundIds, idsOf, search } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const findings = seedFindings({ count: 25 });
const ids = findings.map(({ id }) => id);
const [ada] = seedUsers();
assert.ok(ada);

function idAt(index: number): string {
  const id = ids[index];
  assert.ok(id !== undefined);
  return id;
}

async function allPages(
  emulator: Emulator,
  query: string,
  limit: number,
  sort?: string,
  between?: () => unknown,
) {
  const pages: string[][] = [];
  let cursor: unknown;
  do {
    const { body } = await search(emulator, query, {
      limit,
      ...(sort === undefined ? {} : { sort }),
      ...(typeof cursor === "string" ? { cursor } : {}),
    });
    pages.push(idsOf(body));
    cursor = at(body, "meta.page.after");
    await between?.();
  } while (cursor !== undefined);
  return pages;
}

describe("emulator: search", () => {
  it("gives ten findings, the newest first, where nothing else is asked", async () => {
    const { body } = await search(new Emulator({ findings }), "");
    assert.deepEqual(idsOf(body), ids.slice(0, 10));
  });

  it("pages by cursor, without one on the last page", async () => {
    const pages = await allPages(new Emulator({ findings }), "", 10);
    assert.deepEqual(
      pages.map((page) => page.length),
      [10, 10, 5],
    );
    assert.deepEqual(pages.flat(), ids);
  });

  it("gives no cursor where the last page is full", async () => {
    assert.deepEqual((await allPages(new Emulator({ findings }), "", 25)).length, 1);
  });

  it("gives less than was asked for where pages are capped, and a cursor to the rest", async () => {
    const pages = await allPages(new Emulator({ findings, pageCap: 10 }), "", 100);
    assert.deepEqual(
      pages.map((page) => page.length),
      [10, 10, 5],
    );
  });

  it("sorts both ways", async () => {
    const pages = await allPages(new Emulator({ findings }), "", 7, "@detection_changed_at");
    assert.deepEqual(pages.flat(), [...ids].reverse());
  });

  it("neither repeats nor skips where findings of the same moment meet a page's end", async () => {
    const same = findings.map((one) => ({ ...one, detectedAt: 5 }));
    for (const sort of ["@detection_changed_at", "-@detection_changed_at"]) {
      const pages = await allPages(new Emulator({ findings: same }), "", 4, sort);
      assert.deepEqual(pages.flat().sort(), [...ids].sort());
    }
  });

  it("keeps its place while the findings of the pages before stop matching", async () => {
    const emulator = new Emulator({ findings });
    let taken = 0;
    const pages = await allPages(emulator, "-@workflow.triage.assignee.id:*", 10, undefined, () => {
      const batch = ids.slice(taken, taken + 10);
      taken += 10;
      return assign(emulator, batch, ada.id);
    });
    assert.deepEqual(pages.flat(), ids);
  });

  it("refuses limits, sorts and cursors that it does not know", async () => {
    const emulator = new Emulator({ findings });
    assert.equal((await search(emulator, "", { limit: 150 })).status, 200);
    assert.equal((await search(emulator, "", { limit: 151 })).status, 400);
    assert.equal((await search(emulator, "", { limit: 0 })).status, 400);
    assert.equal((await search(emulator, "", { sort: "title" })).status, 400);
    assert.equal((await search(emulator, "", { cursor: "invalid_cursor" })).status, 400);
  });

  it("takes the same by GET, and the link to the next page is one", async () => {
    const emulator = new Emulator({ findings });
    const path = "/api/v2/security/findings?filter%5Bquery%5D=%40finding_id%3A*&page%5Blimit%5D=20";
    const first = await call(emulator, "GET", path);
    const second = await call(emulator, "GET", String(at(first.body, "links.next")));
    assert.deepEqual([...idsOf(first.body), ...idsOf(second.body)], ids);
    assert.equal(at(second.body, "links"), undefined);
    assert.deepEqual(
      emulator.requests.all.map(({ query }) => query),
      ["@finding_id:*", "@finding_id:*"],
    );
  });

  it("lags behind changes, for each finding its own time", async () => {
    const clock = new SimulatedClock();
    const searchLagMs = (id: string) => (id === idAt(0) ? 1_000 : 5_000);
    const emulator = new Emulator({ clock, findings, searchLagMs });
    const owned = () => foundIds(emulator, "@workflow.triage.assignee.id:*");
    await assign(emulator, ids.slice(0, 2), ada.id);
    assert.equal(emulator.ownerOf(idAt(1)), ada.id);
    assert.deepEqual(await owned(), []);
    await clock.advance(1_000);
    assert.deepEqual(await owned(), [idAt(0)]);
    await clock.advance(4_000);
    assert.deepEqual(await owned(), ids.slice(0, 2));
  });

  it("shows an older change never after a newer one, whatever the lag becomes", async () => {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, findings, searchLagMs: 60_000 });
    await assign(emulator, [idAt(0)], ada.id);
    emulator.settings.searchLagMs = 0;
    await assign(emulator, [idAt(0)], null);
    await clock.advance(120_000);
    assert.deepEqual(await foundIds(emulator, "@workflow.triage.assignee.id:*"), []);
  });

  it("lags behind findings that come, go and come back", async () => {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, findings: findings.slice(1), searchLagMs: 1_000 });
    const knows = async (index: number) => (await foundIds(emulator, "")).includes(idAt(index));
    emulator.addFindings(findings.slice(0, 1));
    emulator.removeFinding(idAt(1));
    assert.deepEqual([await knows(0), await knows(1)], [false, true]);
    assert.deepEqual([emulator.owners().has(idAt(0)), emulator.owners().has(idAt(1))], [true, false]);
    await clock.advance(1_000);
    assert.deepEqual([await knows(0), await knows(1)], [true, false]);
    emulator.restoreFinding(idAt(1));
    await clock.advance(1_000);
    assert.equal(await knows(1), true);
  });

  it("seeds 100,000 findings and answers 25 ownership queries", async () => {
    const emulator = new Emulator({ findings: seedFindings({ count: 100_000, owners: [ada.id] }) });
    for (let rule = 0; rule < 25; rule += 1) {
      const earlier: string = Array.from(
        { length: rule },
        (_, index) => `-(@severity:critical team:t${index})`,
      ).join(" ");
      const query: string = `@status:open @severity:(critical OR high) ${earlier} -@workflow.triage.assignee.id:${ada.id}`;
      assert.deepEqual(await foundIds(emulator, query), []);
    }
  });

  it("seeds the same findings from the same seed, and others from another", () => {
    assert.deepEqual(seedFindings({ count: 50 }), seedFindings({ count: 50 }));
    assert.notDeepEqual(seedFindings({ count: 50, seed: 2 }), seedFindings({ count: 50 }));
    const many = seedFindings({ count: 20_000 }).map(({ id }) => id);
    assert.equal(new Set(many).size, 20_000);
    for (const shape of ["=", "-", "~"])
      assert.ok(
        many.some((id) => id.includes(shape)),
        shape,
      );
  });
});
