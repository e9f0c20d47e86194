import assert from "node:assert/strict";
import { type EmulatorOptions, seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

/**
 * While PATCHes wait for the rate limit, somebody gives 50 findings that have not been sent yet to a
 * colleague.
 */
async function upWhileSomebodyReassigns(overwrite: boolean, limit: EmulatorOptions["rateLimits"]) {
  const findings = seedFindings({ count: 300 });
  const given: string[] = [];
  const stack: OwnershipStack = new OwnershipStack(findings, {
    ...(limit && { rateLimits: limit }),
    onRequest: ({ phase, request }) => {
      if (phase === "before" || request.family !== "assignee" || given.length > 0) return;
      const sent = new Set(stack.emulator.touched);
      given.push(
        ...findings
          .filter(({ id }) => !sent.has(id))
          .map(({ id }) => id)
          .slice(-50),
      );
      for (const id of given) stack.emulator.reassignByHand(id, stack.idOf(stack.email(3)));
    },
  });
  await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0), overwrite }] });
  const keptBy = (index: number) => {
    const user = stack.idOf(stack.email(index));
    return [...stack.emulator.owners().values()].filter((owner) => owner === user).length;
  };
  return { stack, kept: keptBy(3), assigned: keptBy(0) };
}

/** A PATCH each two minutes. */
const slow = { assignee: { limit: 1, periodSeconds: 120 } };

describe("rules without overwrite, while findings change hands", () => {
  it("look again just before a PATCH that had to wait, and leave alone what somebody has got", async () => {
    const { stack, kept, assigned } = await upWhileSomebodyReassigns(false, slow);
    assert.deepEqual([kept, assigned], [50, 250]);
    const [{ assigned: counted } = {}] = stack.outputs?.results as { assigned: number }[];
    assert.equal(counted, 250);
    assert.ok(
      stack.printed.some((line) =>
        line.startsWith(
          'security: 50 findings of rule "all" left alone, because somebody has given them to another user since the plan was made: ',
        ),
      ),
      stack.printed.join("\n"),
    );
    assert.ok(stack.emulator.requests.count({ family: "search" }) <= 2 + 4 + 3);
  });

  it("an overwriting rule takes them all the same", async () => {
    const { kept, assigned } = await upWhileSomebodyReassigns(true, slow);
    assert.deepEqual([kept, assigned], [0, 300]);
  });

  it("ask nothing more where all goes quickly", async () => {
    const { stack } = await upWhileSomebodyReassigns(false, undefined);
    // pending, left alone, and the rule's own three pages
    assert.equal(stack.emulator.requests.count({ family: "search" }), 5);
  });

  it("takes what the search shows only now, and an earlier deployment of the rules gave away", async () => {
    const findings = seedFindings({ count: 50 });
    const stack = new OwnershipStack(findings, { rateLimits: slow, searchLagMs: 90_000 });
    const all = (index: number) => ({ rules: [{ name: "all", query: "*", assignee: stack.email(index) }] });
    await stack.up(all(0));
    await stack.wait(50_000);
    // The search shows nobody as the owner when this is planned, and the first one when the PATCH may go.
    await stack.up(all(1));
    const owners = new Set(stack.emulator.owners().values());
    assert.deepEqual([...owners], [stack.idOf(stack.email(1))]);
    assert.ok(!stack.printed.some((line) => line.includes("left alone")), stack.printed.join("\n"));
  });
});
