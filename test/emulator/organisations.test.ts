import assert from "node:assert/strict";
import { assign, at, call, foundIds, idsOf } from "./callEmulator";
import { EmulatedSite } from "./emulatedSite";
import { Emulator } from "./emulator";
import { EMULATOR_ORGANISATION_ID } from "./emulatorOptions";
import { startSite } from "./emulatorServer";
import type { EmulatedUser } from "./findingModel";
import { inProcessSend } from "./inProcessSend";
import { seedFindings, seedUsers } from "./seed";

const OTHER_ID = "0b5f1c1e-1d1f-4a66-9d57-5f3d8a1f0c02";
const THEIR_KEYS = { apiKey: "their-api-key", appKey: "their-app-key" };
const ourFindings = seedFindings({ count: 3 });
const theirFindings = seedFindings({ count: 4, seed: 2 });
const theirUsers = seedUsers({ seed: 2 });

function organisations(): { ours: Emulator; theirs: Emulator; site: EmulatedSite } {
  const ours = new Emulator({ findings: ourFindings });
  const theirs = new Emulator({
    organisationId: OTHER_ID,
    findings: theirFindings,
    users: theirUsers,
    keys: [THEIR_KEYS],
  });
  return { ours, theirs, site: new EmulatedSite([ours, theirs]) };
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
}

describe("emulator: organisations", () => {
  it("name themselves in every user, in the list and alone", async () => {
    const { ours, theirs, site } = organisations();
    const ada = first(ours.users).id;
    const list = await call(ours, "GET", "/api/v2/users");
    const one = await call(ours, "GET", `/api/v2/users/${ada}`);
    assert.equal(at(list.body, "data.0.relationships.org.data.id"), EMULATOR_ORGANISATION_ID);
    assert.deepEqual(at(one.body, "data.relationships.org.data"), {
      type: "orgs",
      id: EMULATOR_ORGANISATION_ID,
    });
    assert.equal(theirs.organisationId, OTHER_ID);
    const send = inProcessSend(site, THEIR_KEYS);
    const { body } = await send({ method: "GET", path: "/api/v2/users", family: "users" });
    assert.equal(at(JSON.parse(body), "data.0.relationships.org.data.id"), OTHER_ID);
  });

  it("know nothing of each other's findings and users", async () => {
    const { ours, theirs } = organisations();
    const [ada, other] = [first(ours.users).id, first(theirUsers).id];
    const finding = first(ourFindings).id;
    assert.equal((await assign(ours, [first(theirFindings).id], ada)).status, 404);
    assert.equal((await assign(ours, [finding], other)).status, 404);
    assert.equal((await call(ours, "GET", `/api/v2/users/${other}`)).status, 404);
    assert.deepEqual(await foundIds(ours, `@finding_id:"${first(theirFindings).id}"`), []);
    assert.equal((await assign(ours, [finding], ada)).status, 202);
    assert.equal(theirs.touched.size, 0);
  });

  it("share an address: the keys say whose the request is, and only that organisation logs it", async () => {
    const { ours, theirs, site } = organisations();
    const { url, close } = await startSite(site);
    const list = async (apiKey: string, appKey: string) => {
      const headers = { "dd-api-key": apiKey, "dd-application-key": appKey };
      const response = await fetch(`${url}/api/v2/security/findings`, { headers });
      return { status: response.status, body: await response.json() };
    };
    try {
      const answer = await list(THEIR_KEYS.apiKey, THEIR_KEYS.appKey);
      assert.deepEqual(
        idsOf(answer.body),
        theirFindings.map(({ id }) => id),
      );
      assert.deepEqual(await list("unknown", "unknown"), { status: 403, body: { errors: ["Forbidden"] } });
      assert.deepEqual([ours.requests.count(), theirs.requests.count()], [0, 1]);
    } finally {
      await close();
    }
  });

  it("let keys be rotated", async () => {
    const { ours, site } = organisations();
    ours.keys.replace([{ apiKey: "new-api-key", appKey: "new-app-key" }]);
    const request = { method: "GET", path: "/api/v2/users", family: "users" } as const;
    assert.equal((await inProcessSend(site)(request)).status, 403);
    const renewed = inProcessSend(site, { apiKey: "new-api-key", appKey: "new-app-key" });
    assert.equal((await renewed(request)).status, 200);
  });
});

describe("emulator: users", () => {
  it("tell people from service accounts, and who is active, invited or disabled", async () => {
    const person = first(seedUsers());
    const users: EmulatedUser[] = [
      person,
      { ...person, id: "00000000-0000-4000-8000-000000000001", serviceAccount: true },
      { ...person, id: "00000000-0000-4000-8000-000000000002", status: "Pending" },
      { ...person, id: "00000000-0000-4000-8000-000000000003", disabled: true },
    ];
    const emulator = new Emulator({ users });
    const { body } = await call(emulator, "GET", `/api/v2/users?filter=${person.email}`);
    const shown = [0, 1, 2, 3].map((index) =>
      ["status", "service_account", "disabled"].map((name) => at(body, `data.${index}.attributes.${name}`)),
    );
    assert.deepEqual(shown, [
      ["Active", false, false],
      ["Active", true, false],
      ["Pending", false, false],
      ["Disabled", false, true],
    ]);
  });
});
