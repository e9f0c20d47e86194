import assert from "node:assert/strict";
import {
  assertOwners,
  lagPasses,
  type Program,
  play,
  refreshCleanly,
  requestsOf,
  upCleanly,
} from "../../support/play";
import type { Scenario } from "../../support/scenario";

/** `b` depends on `a`: the engine comes to `b` when `a` is done. */
const ORDER = ["a", "b"];

interface Story {
  readonly s: Scenario;
  readonly both: Program;
  /** `a` has dropped what both declared. */
  readonly onlyB: Program;
}

/** Two resources declare the same findings for one user, and the program takes them out of the first. */
async function share(tell: (story: Story, user: string, other: string) => Promise<void>): Promise<void> {
  await play({ findings: 20, parallel: 1, latencyMs: 20 }, async (s, user, other) => {
    const both = { a: { findingIds: s.ids, assignee: user }, b: { findingIds: s.ids, assignee: user } };
    await upCleanly(s, both);
    await s.clock.sleep(2_000);
    await tell({ s, both, onlyB: { ...both, a: { findingIds: [], assignee: user } } }, user, other);
  });
}

async function assertSettled(s: Scenario, program: Program): Promise<void> {
  assert.equal(await requestsOf(s, () => s.stack.up(program, { only: ORDER })), 0, "all is as declared");
}

describe("findings that two resources declare, and one of them drops", () => {
  for (const pause of ["at once", "much later"] as const) {
    it(`are assigned again where the deployment ended before the other was reached (${pause})`, async () => {
      await share(async ({ s, onlyB }, user) => {
        // an error in a third resource, or `--target a`
        const { errors } = await s.stack.up(onlyB, { only: ["a"] });
        assert.equal(errors.size, 0);
        assertOwners(s, s.ids, null);
        if (pause === "much later") await lagPasses(s);
        await s.stack.up(onlyB, { only: ORDER });
        assertOwners(s, s.ids, user);
        await s.clock.sleep(2_000);
        await assertSettled(s, onlyB);
      });
    });
  }

  it(`are assigned again where the deployment was killed as they were released`, async () => {
    for (const phase of ["before", "after"] as const) {
      await share(async ({ s, onlyB }, user) => {
        s.emulator.onRequest = (event) => {
          if (event.phase === phase && event.request.family === "assignee") s.stack.kill();
        };
        assert.equal((await s.stack.up(onlyB, { only: ORDER })).killed, true);
        s.emulator.onRequest = undefined;
        await s.clock.sleep(2_000);
        await s.stack.up(onlyB, { only: ORDER });
        assertOwners(s, s.ids, user);
      });
    }
  });

  it(`stay assigned, and nothing is sent twice, where nothing breaks off`, async () => {
    await share(async ({ s, onlyB }, user) => {
      await s.stack.up(onlyB, { only: ORDER });
      assertOwners(s, s.ids, user);
      await s.clock.sleep(2_000);
      await assertSettled(s, onlyB);
    });
  });

  it("are assigned again where the release was killed and the program takes it back", async () => {
    await share(async ({ s, both, onlyB }, user) => {
      s.emulator.onRequest = ({ phase, request }) => {
        if (phase === "before" && request.family === "assignee") s.stack.kill();
      };
      await s.stack.up(onlyB, { only: ORDER });
      s.emulator.onRequest = undefined;
      await s.clock.sleep(2_000);
      assertOwners(s, s.ids, null);
      await lagPasses(s);
      await refreshCleanly(s);
      await s.stack.up(both, { only: ORDER });
      assertOwners(s, s.ids, user);
    });
  });

  it("stay in the state of the one that dropped them until it declares them again, or releases others", async () => {
    await share(async ({ s, onlyB }, user) => {
      const released = () => s.stack.state.get("a")?.outputs.released;
      await s.stack.up(onlyB, { only: ORDER });
      assert.deepEqual(released(), [...s.ids].sort());
      const [again = "", more = ""] = s.ids;
      await upCleanly(s, { ...onlyB, a: { findingIds: [again], assignee: user } });
      assert.deepEqual(released(), [...s.ids].filter((id) => id !== again).sort());
      await upCleanly(s, { ...onlyB, a: { findingIds: [again, more], assignee: user } });
      assert.deepEqual(released(), [...s.ids].filter((id) => id !== again && id !== more).sort());
    });
  });
});

describe("a new assignee that a killed deployment had begun to give findings to", () => {
  it("loses them again where the program takes it back", async () => {
    await play({ findings: 250, latencyMs: 50 }, async (s, user, other) => {
      const program = { a: { findingIds: s.ids, assignee: user } };
      await upCleanly(s, program);
      await s.clock.sleep(2_000);
      let seen = 0;
      s.emulator.onRequest = ({ phase }) => {
        if (phase === "after" && ++seen === 2) s.stack.kill();
      };
      await s.stack.up({ a: { findingIds: s.ids, assignee: other } });
      s.emulator.onRequest = undefined;
      await lagPasses(s);
      await refreshCleanly(s);
      await upCleanly(s, program);
      assertOwners(s, s.ids, user);
    });
  });
});
