import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

type Args = Record<string, unknown>;

/** As where the disk is full, or the folder of `datadog:changesFile` is not there. */
function withoutRoom(stack: OwnersStack, linesBefore: number): () => void {
  let lines = 0;
  stack.writesChanges = true;
  stack.changes.push = () => {
    if (++lines > linesBefore) throw new Error("ENOSPC: no space left on device");
    return lines;
  };
  return () => {
    stack.writesChanges = false;
  };
}

describe("a file of changes that cannot be written any more", () => {
  const listOf = (stack: OwnersStack): Args => ({
    findingIds: stack.findings.map(({ id }) => id),
    assignee: stack.user(0),
  });

  for (const linesBefore of [0, 150]) {
    it(`leaves nothing assigned behind a destroy (${linesBefore} lines were written before)`, async () => {
      const stack = new OwnersStack({ findings: 250 });
      const repair = withoutRoom(stack, linesBefore);
      await stack.deploy({ a: listOf(stack) });
      repair();
      await stack.settle();
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 250 });
    });
  }

  it("is told once, and the deployment succeeds: Datadog has accepted the changes", async () => {
    const stack = new OwnersStack({ findings: 250 });
    withoutRoom(stack, 0);
    await stack.deploy({ a: listOf(stack) });
    assert.deepEqual(stack.counts(), { 0: 250 });
    const told = stack.printed.filter((line) => line.includes("datadog:changesFile"));
    assert.deepEqual(told, [
      "warning: the file of datadog:changesFile lacks changes of this deployment: ENOSPC: no space left on device",
    ]);
  });
});
