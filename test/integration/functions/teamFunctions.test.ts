import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import type { DatadogUser, FindingsApi } from "../../../provider/datadog/model/findingsApi";
import { findOnCall, findTeamMembers } from "../../../provider/program/findTeamUsers";
import { SimulatedClock } from "../../emulator";

const TEAM = { id: "t1", handle: "Payments", name: "Payments" };
const ADA: DatadogUser = {
  id: "ada",
  name: "Ada",
  email: "ada@example.com",
  handle: "ada@example.com",
  disabled: false,
  serviceAccount: false,
  organisationId: null,
};
const EVE = { ...ADA, id: "eve", disabled: true };
const ROBOT = { ...ADA, id: "robot", serviceAccount: true };

/** An organisation with one team. */
function apiOf(members: readonly DatadogUser[], onCall: readonly DatadogUser[] | undefined): FindingsApi {
  return {
    ...createFindingsApi(() => assert.fail("not asked"), new SimulatedClock()),
    listTeams: async () => [TEAM],
    listTeamMembers: async () => members,
    listOnCall: async () => onCall,
  };
}

describe("getTeam", () => {
  it("has the team and its active members", async () => {
    assert.deepEqual(await findTeamMembers(apiOf([EVE, ADA, ROBOT], []), "PAYMENTS"), {
      ...TEAM,
      members: [ADA],
    });
    assert.deepEqual((await findTeamMembers(apiOf([EVE], []), "payments")).members, []);
  });

  it("names the nearest handle where no team has the one that is asked for", async () => {
    await assert.rejects(findTeamMembers(apiOf([], []), "paymnets"), /did you mean Payments\?/);
  });
});

describe("getOnCall", () => {
  it("has those who are on call, without the disabled", async () => {
    assert.deepEqual(await findOnCall(apiOf([], [EVE, ADA]), "payments"), { team: TEAM, users: [ADA] });
  });

  it("says so where nobody is on call, or the team has no On-Call", async () => {
    await assert.rejects(
      findOnCall(apiOf([ADA], []), "payments"),
      /nobody is on call for the team "payments"/,
    );
    await assert.rejects(findOnCall(apiOf([ADA], undefined), "payments"), /has no On-Call/);
    await assert.rejects(findOnCall(apiOf([ADA], []), "paymnets"), /did you mean Payments\?/);
  });
});
