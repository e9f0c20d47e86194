import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { leastAssignments } from "../../demo/leastAssignments";
import { OwnerTally } from "../../demo/ownerTally";
import { plays } from "../../demo/plays";
import { inTurn, isColoured, numbered, say } from "../../demo/stage";

const examples = join(__dirname, "..", "..", "..", "examples");

/** Findings by the number of their owner, from 0 on; nobody is null. */
function owners(...counts: readonly (readonly [string | null, number])[]): Map<string, string | null> {
  const all = counts.flatMap(([owner, count]) => Array.from({ length: count }, () => owner));
  return new Map(all.map((owner, index) => [`f${index}`, owner]));
}

/** What plays say in all, on a stage of their own. */
async function told(...toPlay: (() => Promise<void>)[]): Promise<string[]> {
  const lines: string[] = [];
  await inTurn(toPlay, (line) => lines.push(line));
  return lines;
}

describe("the demo", () => {
  it("plays every example by its name", () => {
    assert.deepEqual([...plays.keys()].sort(), readdirSync(examples).sort());
  });

  it("counts the fewest assignments: full batches for each owner who gains findings, or for nobody", () => {
    const nobody = owners([null, 250]);
    assert.equal(leastAssignments(nobody, nobody), 0);
    assert.equal(leastAssignments(nobody, owners(["a", 130], ["b", 120])), 4);
    assert.equal(leastAssignments(nobody, owners(["a", 100], [null, 150])), 1);
    assert.equal(leastAssignments(owners(["a", 130], ["b", 120]), nobody), 3);
    assert.equal(leastAssignments(owners(["a", 101], ["b", 1]), owners(["b", 101], ["a", 1])), 3);
  });

  it("counts findings that came up since, which nobody owned", () => {
    assert.equal(leastAssignments(owners(["a", 10]), owners(["a", 10], [null, 5])), 0);
    assert.equal(leastAssignments(owners(["a", 10]), owners(["a", 10], ["b", 5])), 1);
  });

  it("shows owners aligned, beside what they had when they were last shown", async () => {
    const lines = await told(async () => {
      const tally = new OwnerTally(new Map([["a", "payments-lead"]]));
      tally.print(owners([null, 1_200]));
      tally.print(owners(["a", 1_150], [null, 50]));
    });
    assert.deepEqual(lines, [
      "",
      "  owner    findings",
      "  nobody      1,200",
      "",
      "  owner           before   after",
      "  payments-lead        0   1,150",
      "  nobody           1,200      50",
    ]);
  });

  it("tells plays that go on at the same time one after the other, and fails where one does", async () => {
    let go: () => void = () => {};
    const first = async () => {
      say("first begins");
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      say("first ends");
    };
    const second = async () => {
      say("second");
      go();
    };
    assert.deepEqual(await told(first, second), ["first begins", "first ends", "second"]);
    const failing = () => Promise.reject(new Error("no such finding"));
    await assert.rejects(told(second, failing), /no such finding/);
  });

  it("is coloured on a terminal only, and nowhere with NO_COLOR", () => {
    assert.equal(isColoured({ isTTY: true }, {}), true);
    assert.equal(isColoured({ isTTY: true }, { NO_COLOR: "" }), true);
    assert.equal(isColoured({ isTTY: true }, { NO_COLOR: "1" }), false);
    assert.equal(isColoured({}, {}), false);
  });

  it("says 1 search and 1,000 searches", () => {
    assert.deepEqual(
      [numbered(1, "search", "searches"), numbered(1_000, "search", "searches"), numbered(0, "finding")],
      ["1 search", "1,000 searches", "0 findings"],
    );
  });
});
