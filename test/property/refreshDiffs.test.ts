import assert from "node:assert/strict";
import { Emulator, inProcessSend, SeededRandom, SimulatedClock, seedFindings } from "../emulator";
import { startProvider } from "../stack/dynamicProvider";
import type { Props, StartProvider } from "../stack/providerProcess";
import { Stack } from "../stack/stack";
import type { DeploymentResult } from "../stack/stackOptions";
import { LAG_IS_ASSUMED_MS } from "./oracle/stackRecord";
import { startPlugin } from "./pluginUnderTest";

const fronts: Readonly<Record<string, StartProvider>> = {
  "dynamic provider": startProvider,
  plugin: startPlugin,
};

/** What the engine asks after each read, in a process that goes on. */
for (const [front, start] of Object.entries(fronts)) {
  describe(`after a refresh, the ${front} goes by the program and not by what was declared before`, () => {
    let clock: SimulatedClock;
    let emulator: Emulator;
    let stack: Stack;
    const ids = seedFindings({ count: 8 }).map(({ id }) => id);
    const [ada = "", ben = ""] = new Emulator().users.filter(({ disabled }) => !disabled).map(({ id }) => id);

    beforeEach(() => {
      clock = new SimulatedClock();
      emulator = new Emulator({ clock, findings: seedFindings({ count: 8 }) });
      for (const id of ids) emulator.reassignByHand(id, null);
      const random = new SeededRandom(1);
      const connect = () => inProcessSend(emulator);
      stack = new Stack({ clock, random: () => random.next(), connect, parallel: 4, start });
    });

    const played = (work: () => Promise<void>) => clock.run(work());
    const up = async (program: Readonly<Record<string, Props>>, refresh = false) => {
      succeeds(await stack.up(program, { refresh }));
      await clock.sleep(LAG_IS_ASSUMED_MS);
    };
    const succeeds = ({ errors }: DeploymentResult) => assert.deepEqual([...errors.values()], []);
    const counts = ({ printed }: DeploymentResult) =>
      printed.join("\n").match(/refresh: .*|\d+ findings? to change/g);
    const areOwned = (some: readonly string[], owner: string | null) => {
      for (const id of some) assert.equal(emulator.ownerOf(id), owner, id);
    };
    const rules = (assignee: string) => ({ rules: [{ name: "all", query: "*", assignee }] });

    it("in `up --refresh`, where findings move from one list to another", () =>
      played(async () => {
        const half = ids.slice(4);
        await up({ a: { findingIds: ids, assignee: ada }, b: { findingIds: [], assignee: ben } });
        await up(
          { a: { findingIds: ids.slice(0, 4), assignee: ada }, b: { findingIds: half, assignee: ben } },
          true,
        );
        areOwned(ids.slice(0, 4), ada);
        areOwned(half, ben);
      }));

    it("in `up --refresh`, where rules change their owner", () =>
      played(async () => {
        await up({ rules: rules(ada) });
        await up({ rules: rules(ben) }, true);
        areOwned(ids, ben);
      }));

    it("in `up --refresh`, which prints the plan of the program once, and counts what changed by hand", () =>
      played(async () => {
        await up({ rules: rules(ada) });
        const [first = ""] = ids;
        emulator.reassignByHand(first, null);
        await clock.sleep(LAG_IS_ASSUMED_MS);
        const drifted = counts(await stack.up({ rules: rules(ben) }, { refresh: true }));
        assert.deepEqual(drifted, [
          "refresh: 1 finding is not as the rules of the last deployment say; pulumi up shows the plan",
          "8 findings to change",
        ]);
        await clock.sleep(LAG_IS_ASSUMED_MS);
        const quiet = counts(await stack.up({ rules: rules(ben) }, { refresh: true }));
        assert.deepEqual(quiet, ["0 findings to change"]);
      }));

    it("in `up --refresh`, where rules are renamed, and where they go", () =>
      played(async () => {
        await up({ rules: rules(ada) });
        await up({ others: rules(ben) }, true);
        areOwned(ids, ben);
        await up({}, true);
        areOwned(ids, null);
      }));

    it("in `destroy --refresh` of rules and lists", () =>
      played(async () => {
        await up({
          list: { findingIds: ids.slice(0, 4), assignee: ada },
          rules: { ...rules(ben), exclude: ids.slice(0, 4) },
        });
        succeeds(await stack.destroy(undefined, { refresh: true }));
        areOwned(ids, null);
      }));

    it("in a refresh of two states that both declare a finding, as after an `up` that failed half-way", () =>
      played(async () => {
        await up({ a: { findingIds: ids, assignee: ada } });
        await up({ a: { findingIds: ids, assignee: ada } });
        succeeds(await stack.up({ b: { findingIds: ids, assignee: ben } }, { only: ["b"] }));
        succeeds(await stack.refresh());
      }));
  });
}
