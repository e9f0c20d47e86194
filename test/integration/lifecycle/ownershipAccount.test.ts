import assert from "node:assert/strict";
import { seedFindings, seedUsers } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const OTHER_ORGANISATION = "0b5f1c1e-1d1f-4a66-9d57-5f3d8a1f0c02";
const rotated = { host: "api.datadoghq.com", keyDigest: "bbbbbbbbbbbb" };

describe("rules, and the keys of another organisation", () => {
  for (const step of ["up", "refresh", "destroy"] as const) {
    it(`are refused by ${step} before anything is sent, naming both`, async () => {
      const ours = new OwnershipStack(seedFindings({ count: 20 }));
      const rules = [{ name: "all", query: "*", assignee: ours.email(0) }];
      await ours.up({ rules });
      const theirs = new OwnershipStack(seedFindings({ count: 20, seed: 2 }), {
        organisationId: OTHER_ORGANISATION,
        users: seedUsers({ seed: 2 }),
      });
      theirs.account = rotated;
      for (const [name, outputs] of ours.state) theirs.state.set(name, outputs);
      const deploy = {
        up: () => theirs.up({ rules }),
        refresh: () => theirs.refresh(),
        destroy: () => theirs.destroy(),
      };
      await assert.rejects(
        deploy[step](),
        /security: its findings belong to organisation \S+ at \S+, but the configured keys belong to \S.*: nothing was sent/,
      );
      assert.equal(theirs.emulator.requests.count({ family: "assignee" }), 0);
      assert.equal(theirs.state.size, 1);
    });
  }

  it("are told apart by the state, which has host and organisation", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 2 }), { organisationId: OTHER_ORGANISATION });
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    assert.deepEqual(stack.outputs?.["account"], { ...stack.account, organisationId: OTHER_ORGANISATION });
  });

  it("say that another host than the state's is configured, where that one gives no answer", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 20 }));
    const rules = [{ name: "all", query: "*", assignee: stack.email(0) }];
    await stack.up({ rules });
    stack.account = { ...rotated, host: "api.datadoghq.eu" };
    stack.emulator.faults.push({ kind: "reset", times: Number.POSITIVE_INFINITY });
    await assert.rejects(
      stack.up({ rules }),
      /its findings belong to organisation \S+ at api\.datadoghq\.com, but requests would go to api\.datadoghq\.eu \(check datadog:site\), .*nothing was sent.*no answer from/,
    );
  });

  it("are not refused with rotated keys of the same organisation: one look-up, and nothing changes", async () => {
    const stack = new OwnershipStack(seedFindings({ count: 20 }));
    const rules = [{ name: "all", query: "*", assignee: stack.email(0) }];
    await stack.up({ rules });
    stack.account = rotated;
    stack.emulator.requests.reset();
    assert.equal((await stack.up({ rules })).changed, false);
    assert.equal(stack.emulator.requests.count({ family: "users" }), 1);
  });

  it("are refused where only earlier rules have given something away", async () => {
    const ours = new OwnershipStack(seedFindings({ count: 20 }));
    await ours.up({ rules: [{ name: "all", query: "*", assignee: ours.email(0) }] });
    const rules = [{ name: "all", query: "*", assignee: "none" }];
    await ours.up({ rules });
    for (const step of ["up", "refresh", "destroy"] as const) {
      const theirs = new OwnershipStack(seedFindings({ count: 20, seed: 2 }), {
        organisationId: OTHER_ORGANISATION,
        users: seedUsers({ seed: 2 }),
      });
      theirs.account = rotated;
      for (const [name, outputs] of ours.state) theirs.state.set(name, outputs);
      await theirs.wait(20 * 60_000);
      const deploy = step === "up" ? theirs.up({ rules }) : theirs[step]();
      await assert.rejects(deploy, /security: its findings belong to organisation \S+ at \S+/, step);
      assert.equal(theirs.state.size, 1);
    }
  });
});
