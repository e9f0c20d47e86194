import assert from "node:assert/strict";
import { OnCallUnavailableError } from "../../../provider/datadog/errors";
import type { DatadogUser } from "../../../provider/datadog/model/findingsApi";
import { parseOwner } from "../../../provider/rules/owner";
import type { RuleOwners } from "../../../provider/rules/ruleOwners";
import { findRecipients, findRightOwners } from "../../../provider/session/findOwners";
import { OwnerDirectory } from "../../../provider/session/ownerDirectory";

const UUID = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";

function user(name: string, more: Partial<DatadogUser> = {}): DatadogUser {
  const email = `${name}@example.com`;
  return {
    id: name,
    name,
    email,
    handle: email,
    disabled: false,
    serviceAccount: false,
    organisationId: null,
    ...more,
  };
}

/** An organisation whose answers are counted. */
function organisation() {
  const users = [
    user("ada"),
    user("bob"),
    user("eve", { disabled: true }),
    user("robot", { serviceAccount: true }),
    user(UUID),
  ];
  const teams = new Map([
    ["t1", { handle: "Payments", members: ["ada", "eve", "robot"], onCall: ["bob"] as string[] | undefined }],
    ["t2", { handle: "empty", members: ["eve"], onCall: [] }],
    ["t3", { handle: "payments-old", members: ["bob"], onCall: undefined }],
  ]);
  const world = { users, teams, asked: [] as string[], gov: false };
  const named = (names: readonly string[]) => users.filter(({ id }) => names.includes(id));
  const ask = (what: string) => world.asked.push(what);
  const directory = () =>
    new OwnerDirectory({
      listUsers: async (filter) => {
        ask(`users ${filter}`);
        return users.filter(({ email }) => email?.includes(filter));
      },
      getUser: async (id) => {
        ask(`user ${id}`);
        return users.find((each) => each.id === id);
      },
      listTeams: async (keyword) => {
        ask(`teams ${keyword}`);
        const all = [...teams].map(([id, { handle }]) => ({ id, handle, name: null }));
        return all.filter(({ handle }) => handle.toLowerCase().includes(keyword.toLowerCase()));
      },
      listTeamMembers: async (id) => {
        ask(`members ${id}`);
        const team = teams.get(id);
        return team && named(team.members);
      },
      listOnCall: async (id) => {
        if (world.gov) throw new OnCallUnavailableError("api.ddog-gov.com");
        ask(`on-call ${id}`);
        const team = teams.get(id);
        return team?.onCall && named(team.onCall);
      },
    });
  return { ...world, world, directory };
}

function rule(owners: readonly string[], more: Partial<RuleOwners> = {}): RuleOwners {
  return {
    owners: owners.map((owner) => ({ owner: parseOwner(owner), weight: 1 })),
    pick: "spread",
    handOver: "keep",
    ...more,
  };
}

async function right(directory: OwnerDirectory, ...args: Parameters<typeof rule>) {
  const { recipients, failure } = await findRightOwners(directory, rule(...args));
  return failure ?? recipients.map(({ userId }) => userId);
}

async function recipients(directory: OwnerDirectory, ...args: Parameters<typeof rule>) {
  const picked = await findRecipients(directory, rule(...args));
  return picked.failure ?? picked.recipients.map(({ userId }) => userId);
}

describe("who stands behind the owners of a rule", () => {
  it("are the active members of a team: no service accounts, nobody who is disabled", async () => {
    const { directory } = organisation();
    assert.deepEqual(await right(directory(), ["team:payments"]), ["ada"]);
    assert.deepEqual(await recipients(directory(), ["team:payments"]), ["ada"]);
  });

  it("are for who is on call the team's members, and whoever is on call gets what is new", async () => {
    const { directory } = organisation();
    assert.deepEqual(await right(directory(), ["on-call:payments"]), ["ada"]);
    assert.deepEqual(await recipients(directory(), ["on-call:payments"]), ["bob"]);
  });

  it("is with handOver: move who is on call now, and nobody else", async () => {
    const { directory } = organisation();
    assert.deepEqual(await right(directory(), ["on-call:payments"], { handOver: "move" }), ["bob"]);
  });

  it("are of a chain those of the first who is active, and nothing is asked about who comes later", async () => {
    const { directory, asked } = organisation();
    const chain = ["eve@example.com", "team:empty", "team:payments", "bob@example.com"];
    assert.deepEqual(await right(directory(), chain, { pick: "first" }), ["ada"]);
    assert.ok(!asked.includes("users bob@example.com"));
  });

  it("is of a chain whose schedule is empty the next one, for what is new", async () => {
    const { directory } = organisation();
    const chain = ["on-call:empty", "bob@example.com"];
    assert.deepEqual(await recipients(directory(), chain, { pick: "first" }), ["bob"]);
  });

  it("are of a chain that begins with a schedule the members and the next one, whoever is on call", async () => {
    const { directory, asked } = organisation();
    const chain = ["on-call:payments", "bob@example.com", "team:empty"];
    assert.deepEqual(await right(directory(), chain, { pick: "first" }), ["ada", "bob"]);
    assert.ok(!asked.includes("teams empty"));
    const moved = { pick: "first", handOver: "move" } as const;
    assert.deepEqual(await right(directory(), chain, moved), ["bob"]);
  });

  it("is told where there is nobody, with what to do", async () => {
    const { directory, world } = organisation();
    const told = async (owner: string) => String(await recipients(directory(), [owner]));
    assert.match(await told("team:empty"), /^the team "empty" has no active members; add one/);
    assert.match(await told("on-call:empty"), /^nobody is on call for the team "empty"; fill its schedule/);
    assert.match(await told("on-call:payments-old"), /^the team "payments-old" has no On-Call; set it up/);
    assert.match(await told("team:paymnets"), /no team .* "paymnets"; did you mean Payments\?/);
    assert.match(await told("eve@example.com"), /is disabled in Datadog/);
    assert.match(await told("00000000-0000-4000-8000-000000000001"), /no user .* has the UUID/);
    world.gov = true;
    assert.match(await told("on-call:payments"), /On-Call is not available on api\.ddog-gov\.com/);
  });

  it("are shared by those who remain when one of a list is disabled", async () => {
    const { directory } = organisation();
    assert.deepEqual(await recipients(directory(), ["ada@example.com", "eve@example.com", UUID]), [
      "ada",
      UUID,
    ]);
  });
});

describe("what it takes to find owners", () => {
  it("is one request for each team, schedule and name, whatever the number of rules", async () => {
    const { directory, asked } = organisation();
    const one = directory();
    one.know({ payments: "t1" });
    const owners = ["team:payments", "on-call:payments", "ada@example.com"];
    await Promise.all([...owners, ...owners].map((owner) => right(one, [owner])));
    assert.deepEqual(asked.sort(), ["members t1", "users ada@example.com"]);
    await Promise.all([...owners, ...owners].map((owner) => recipients(one, [owner])));
    assert.deepEqual(asked.sort(), ["members t1", "on-call t1", "users ada@example.com"]);
  });

  it("is one more for a team that no earlier deployment knew, or whose handle is to be confirmed", async () => {
    const { directory, asked, teams } = organisation();
    const one = directory();
    one.know({ payments: "t3" });
    assert.deepEqual(await right(one, ["team:payments"]), ["bob"]);
    await one.confirm("payments");
    assert.deepEqual(await right(one, ["team:payments"]), ["ada"]);
    assert.deepEqual(asked, ["members t3", "teams payments", "members t1"]);
    assert.deepEqual(one.teams(["payments", "nobody-knows"]), { payments: "t1" });
    assert.ok(teams.has("t1"));
  });

  it("is asked again by the handle where a known team is gone", async () => {
    const { directory } = organisation();
    const one = directory();
    one.know({ payments: "deleted" });
    assert.deepEqual(await right(one, ["team:payments"]), ["ada"]);
    assert.deepEqual(one.teams(["payments"]), { payments: "t1" });
  });
});
