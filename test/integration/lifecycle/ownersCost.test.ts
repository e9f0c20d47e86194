import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownedBy } from "../../../provider/query/findingQueries";
import { type EmulatedTeam, type EmulatedUser, seedFindings, seedUsers } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const TEAMS = Array.from({ length: 20 }, (_, index) => `team-${index}`);

/** 5 teams of 12 members, and 3 of whom one is on call. */
function teamsOf(users: readonly EmulatedUser[]): EmulatedTeam[] {
  return TEAMS.slice(0, 8).map((handle, index) => {
    const members = users.slice(index * 12, (index + 1) * 12).map(({ id }) => id);
    const onCall = index < 5 ? [] : members.slice(0, 1);
    return {
      id: `7ea00000-0000-4000-8000-00000000000${index}`,
      handle,
      name: handle,
      memberIds: members,
      onCall,
    };
  });
}

/** 20 rules: 5 for teams, 3 for who is on call, the others for one user each. */
function rulesOf(users: readonly EmulatedUser[]) {
  return TEAMS.map((team, index) => {
    const user = users[8 * 12 + index]?.email;
    const assignee = index < 5 ? `team:${team}` : index < 8 ? `on-call:${team}` : user;
    return { name: team, query: `team:${team}`, assignee };
  });
}

describe("100,000 findings, 20 rules of which 5 are for teams and 3 for who is on call", () => {
  const users = seedUsers({ count: 8 * 12 + 20 });
  const teams = teamsOf(users);
  const rules = rulesOf(users);
  const ownerOf = new Map(
    TEAMS.map((team, index) => [
      `team:${team}`,
      teams[index]?.memberIds[1] ?? users[8 * 12 + index]?.id ?? "",
    ]),
  );
  const findings = seedFindings({ count: 100_000, teams: TEAMS }).map((finding) => ({
    ...finding,
    assigneeId: ownerOf.get(finding.tags.find((tag) => ownerOf.has(tag)) ?? "") ?? "",
  }));

  it("with nothing to do take 3 searches and 8 look-ups, and a state below 30 kB", async () => {
    const stack = new OwnershipStack(findings, { users, teams });
    await stack.up({ rules });
    await stack.wait(20 * 60_000);
    stack.emulator.requests.reset();
    assert.deepEqual(await stack.up({ rules }), { changed: false });
    const taken = (family: "search" | "teams" | "onCall" | "users") =>
      stack.emulator.requests.count({ family });
    assert.deepEqual(
      { searches: taken("search"), teams: taken("teams"), onCall: taken("onCall"), users: taken("users") },
      { searches: 3, teams: 8, onCall: 0, users: 0 },
    );
    assert.equal(stack.emulator.requests.count(), 11);
    const state = JSON.stringify({ inputs: { rules }, outputs: stack.outputs });
    assert.ok(state.length < 30_000, `${state.length} bytes`);
  });
});

describe("a team of 500 members", () => {
  const users = seedUsers({ count: 510 });
  const members = users.slice(0, 500).map(({ id }) => id);
  const large = {
    id: "7ea00000-0000-4000-8000-000000000001",
    handle: "large",
    name: "Large",
    memberIds: members,
  };

  it("fits into one query, of 20,000 characters", () => {
    const { length } = ownedBy(members).text;
    assert.ok(length > 19_000 && length < 21_000, `${length}`);
  });

  it("takes 5 look-ups of 100 members and at most 4 searches where there is nothing to do", async () => {
    for (const overwrite of [false, true]) {
      const stack = new OwnershipStack(seedFindings({ count: 1_000 }), { users, teams: [large] });
      const rules = [
        { name: "high", query: "@severity:(critical OR high)", assignee: users[505]?.email },
        { name: "large", query: "*", assignee: "team:large", overwrite },
      ];
      await stack.up({ rules });
      await stack.wait(20 * 60_000);
      stack.emulator.requests.reset();
      assert.deepEqual(await stack.up({ rules }), { changed: false });
      assert.equal(stack.emulator.requests.count({ family: "teams" }), 5);
      const searches = stack.emulator.requests.count({ family: "search" });
      assert.ok(searches <= 4, `${searches} searches`);
      const most = Math.max(
        ...[...stack.emulator.owners().values()].map((owner) => members.indexOf(owner ?? "")),
      );
      assert.ok(most > 400);
    }
  });
});

interface Cost {
  readonly teams: number;
  readonly members: number;
  readonly lookUps: number;
  readonly searches: number;
  /** kB of the outputs without the provider's text, begun ones counted. */
  readonly state: number;
}

/** The rows of the table in docs/owners.md. */
function documentedCosts(): Cost[] {
  const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "owners.md"), "utf8");
  const rows = text.matchAll(/^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) kB \|$/gm);
  return [...rows].map((row) => {
    const [, teams = 0, members = 0, lookUps = 0, searches = 0, state = 0] = row.map(Number);
    return { teams, members, lookUps, searches, state };
  });
}

async function measuredCost(teams: number, members: number): Promise<Cost> {
  const users = seedUsers({ count: teams * members });
  const handles = Array.from({ length: teams }, (_, index) => `team-${index}`);
  const all = handles.map((handle, index) => ({
    id: `7ea00000-0000-4000-8000-0000000000${String(index).padStart(2, "0")}`,
    handle,
    name: handle,
    memberIds: users.slice(index * members, (index + 1) * members).map(({ id }) => id),
  }));
  const stack = new OwnershipStack(seedFindings({ count: 500, teams: handles }), { users, teams: all });
  const rules = handles.map((handle) => ({
    name: handle,
    query: `team:${handle}`,
    assignee: `team:${handle}`,
  }));
  await stack.up({ rules });
  await stack.wait(20 * 60_000);
  stack.emulator.requests.reset();
  assert.deepEqual(await stack.up({ rules }), { changed: false });
  return {
    teams,
    members,
    lookUps: stack.emulator.requests.count({ family: "teams" }),
    searches: stack.emulator.requests.count({ family: "search" }),
    state: Math.ceil(JSON.stringify({ ...stack.outputs, __provider: undefined }).length / 1_000),
  };
}

describe("what teams cost where there is nothing to do", () => {
  const costs = documentedCosts();

  it("stands in the docs for small and large ones", () => {
    assert.ok(costs.length >= 7);
    assert.ok(costs.some(({ members }) => members === 500));
  });

  for (const cost of costs) {
    it(`is as documented: ${cost.teams} of ${cost.members}`, async () => {
      assert.deepEqual(await measuredCost(cost.teams, cost.members), cost);
    });
  }
});
