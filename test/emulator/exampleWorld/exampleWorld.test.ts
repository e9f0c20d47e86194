import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { foundIds } from "../callEmulator";
import { Emulator } from "../emulator";
import { shiftAt } from "../teams/teamModel";
import { statusOf } from "../usersEndpoint";
import { EXAMPLE_TEAMS, LEGACY_TEAM, NIGHT_TEAM } from "./exampleTeams";
import { exampleWorld } from "./exampleWorld";

const examples = join(__dirname, "..", "..", "..", "examples");
const world = exampleWorld();

/** Texts of all files of the examples, by path. */
function exampleTexts(): Map<string, string> {
  const paths = readdirSync(examples, { recursive: true, encoding: "utf8" });
  const sources = paths.filter((path) => /\.(?:ts|ya?ml|json)$/.test(path) && !path.includes("node_modules"));
  return new Map(sources.map((path) => [path, readFileSync(join(examples, path), "utf8")]));
}

/** Whatever `pattern` finds in its group, with the file in which it stands. */
function namedIn(pattern: RegExp): (readonly [path: string, name: string])[] {
  return [...exampleTexts()].flatMap(([path, text]) =>
    [...text.matchAll(pattern)].map((match) => [path, match[1] ?? ""] as const),
  );
}

describe("the world of the examples", () => {
  const active = world.users.filter((user) => statusOf(user) === "Active");

  it("has an active user for every e-mail in them", () => {
    const emails = namedIn(/(?<![\w.}-])([\w.+-]+@example\.com)/g);
    assert.ok(emails.length > 0);
    const known = new Set(active.map(({ email }) => email));
    assert.deepEqual(
      emails.filter(([, email]) => !known.has(email)),
      [],
    );
  });

  it("has an active user for every UUID in them, and a lead for every team", () => {
    const uuids = namedIn(/"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"/g);
    assert.ok(uuids.length > 0);
    const known = new Set(active.map(({ id }) => id));
    assert.deepEqual(
      uuids.filter(([, id]) => !known.has(id)),
      [],
    );
    const emails = new Set(active.map(({ email }) => email));
    assert.ok(EXAMPLE_TEAMS.every((team) => emails.has(`${team}-lead@example.com`)));
  });

  it("has a team for every tag, team and on-call in their rules, with findings", async () => {
    const handles = namedIn(/(?:\bteam|on-call):([a-z][\w-]*)/g);
    assert.ok(handles.length > 0);
    const known = new Set(world.teams.map(({ handle }) => handle));
    assert.deepEqual(
      handles.filter(([, handle]) => !known.has(handle)),
      [],
    );
    const emulator = new Emulator(world);
    for (const handle of new Set(handles.map(([, name]) => name))) {
      assert.ok((await foundIds(emulator, `team:${handle}`)).length > 0, handle);
    }
  });

  it("has the findings that are named beside the seeded ones", () => {
    const { findings } = exampleWorld({ count: 5, findingIds: ["one", "two"] });
    assert.deepEqual(
      findings.slice(5).map(({ id }) => id),
      ["one", "two"],
    );
  });

  it("has somebody on call in every team, day by day, but for one", () => {
    const day = Date.UTC(2026, 1, 2);
    for (const handle of EXAMPLE_TEAMS) {
      const team = world.teams.find((each) => each.handle === handle);
      assert.ok(team?.onCall);
      const onCall = [0, 1, 2].map((days) => shiftAt(team.onCall ?? [], day + days * 86_400_000).userIds[0]);
      assert.deepEqual(new Set(onCall), new Set(team.memberIds));
    }
    const night = world.teams.find(({ handle }) => handle === NIGHT_TEAM);
    assert.deepEqual([night?.memberIds.length, night?.onCall], [2, undefined]);
  });

  it("has somebody who left, with findings and a team of nobody else, and somebody who never came", () => {
    const leaver = world.users.find(({ email }) => email === "former-lead@example.com");
    assert.equal(leaver?.disabled, true);
    assert.ok(world.findings.some(({ assigneeId }) => assigneeId === leaver?.id));
    assert.deepEqual(world.teams.find(({ handle }) => handle === LEGACY_TEAM)?.memberIds, [leaver?.id]);
    assert.equal(world.users.find(({ email }) => email === "new-hire@example.com")?.status, "Pending");
  });

  it("has each id and e-mail once, and members and schedules that exist", () => {
    const { users, teams, schedules } = world;
    const all = [...users, ...teams, ...schedules].map(({ id }) => id);
    assert.equal(new Set(all).size, all.length);
    assert.equal(new Set(users.map(({ email }) => email)).size, users.length);
    const ids = new Set(users.map(({ id }) => id));
    assert.ok(teams.every(({ memberIds }) => memberIds.every((id) => ids.has(id))));
    assert.equal(schedules.length, EXAMPLE_TEAMS.length);
    assert.deepEqual(exampleWorld(), world);
  });

  it("has code owners for the findings of code, and for no others", async () => {
    const emulator = new Emulator(world);
    assert.ok((await foundIds(emulator, '@git.codeowners:"@org/payments" team:payments')).length > 0);
    assert.deepEqual(await foundIds(emulator, "@git.codeowners:* @finding_type:misconfiguration"), []);
  });
});
