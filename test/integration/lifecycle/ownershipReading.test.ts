import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const TEAMS = 10;
const teams = Array.from({ length: TEAMS }, (_, index) => `t${index}`);

function rulesOf(stack: OwnershipStack) {
  return teams.map((team, index) => ({ name: team, query: `team:${team}`, assignee: stack.email(index) }));
}

/** Requests and time of a first deployment. */
async function firstUp(latencyMs: number) {
  const findings = seedFindings({ count: 5_000, teams });
  const stack = new OwnershipStack(findings, { latencyMs });
  const startedAt = stack.clock.now();
  await stack.up({ rules: rulesOf(stack) });
  const patches = stack.emulator.requests.count("assignee");
  const searches = stack.emulator.requests.count("search");
  const pages = teams.map((team) =>
    Math.ceil(findings.filter(({ tags }) => tags.includes(`team:${team}`)).length / 100),
  );
  const least = pages.reduce((sum, count) => sum + count, 0);
  return { stack, patches, searches, least, longest: Math.max(...pages), ms: stack.clock.now() - startedAt };
}

describe("the first assignment by many rules", () => {
  it("reads each page once and sends each batch once", async () => {
    const { patches, searches, least } = await firstUp(50);
    assert.equal(patches, least);
    assert.ok(searches <= least + 5, `${searches} searches, ${least} pages`);
  });

  it("reads rules side by side, and looks up nothing again that was read within the last minute", async () => {
    // One rule after another would take more than a minute.
    const { patches, searches, least, longest, ms } = await firstUp(2_000);
    assert.ok(least * 2_000 > 60_000 && longest * 2_000 < 20_000);
    assert.ok(searches + patches <= 2 * least + 5, `${searches + patches} requests, ${2 * least} are needed`);
    assert.ok(ms < least * 2_000, `${ms} ms`);
  });

  it("tells from the second second on how many findings were read", async () => {
    const { stack } = await firstUp(2_000);
    const read = stack.printed.filter((line) => /^security: [\d,]+ findings read/.test(line));
    assert.ok(read.length > 0, stack.printed.join("\n"));
  });
});
