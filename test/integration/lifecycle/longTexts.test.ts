import assert from "node:assert/strict";
import { AssignmentError } from "../../../provider/engine/assignmentError";
import { encodedTrailer } from "../../support/encodedTrailer";
import { outputsOf, play, upCleanly } from "../../support/play";
import type { Scenario } from "../../support/scenario";

/** What node's HTTP/2 sends in one trailer. */
const TRAILER = 65_000;

const texts = { ascii: "d".repeat(990), japanese: "日".repeat(990), emoji: "😀".repeat(490) };

function failAll(s: Scenario, findingIds: readonly string[], detail: string): void {
  for (const [index, id] of findingIds.entries())
    s.emulator.failFinding(id, { status: 409, title: "T".repeat(900), detail: `${index} ${detail}` });
}

describe("failures with long texts arrive", () => {
  for (const [name, detail] of Object.entries(texts)) {
    it(`whatever their number: ${name}`, async () => {
      const ways = new Set<string>();
      for (let bad = 1; bad <= 40; bad += 3) {
        await play({ findings: bad + 1 }, async (s, assignee) => {
          failAll(s, s.ids.slice(1), detail);
          const error = (await s.stack.up({ a: { findingIds: s.ids, assignee } })).errors.get("a");
          assert.ok(error);
          const way = error instanceof AssignmentError ? "error" : "program";
          ways.add(way);
          if (way === "error") assert.ok(encodedTrailer(error) <= TRAILER, `${bad} failures`);
          assert.equal(JSON.stringify(outputsOf(s, "a").failures).split(detail).length - 1, bad);
        });
      }
      assert.deepEqual([...ways], ["error", "program"]);
    });

    it(`where nothing was changed, and on delete: ${name}`, async () => {
      await play({ findings: 40 }, async (s, assignee) => {
        const program = { a: { findingIds: s.ids, assignee } };
        failAll(s, s.ids, detail);
        const created = (await s.stack.up(program)).errors.get("a");
        s.emulator.reset();
        await upCleanly(s, program);
        failAll(s, s.ids, detail);
        const deleted = (await s.stack.up({})).errors.get("a");
        for (const error of [created, deleted]) {
          assert.ok(error && !(error instanceof AssignmentError));
          assert.ok(encodedTrailer(error) <= TRAILER);
          assert.match(error.message, /and \d+ more reasons\nnext: run the same command again/);
          assert.ok(error.message.split("\n").every((line) => line.length < 1_000));
        }
      });
    });
  }
});
