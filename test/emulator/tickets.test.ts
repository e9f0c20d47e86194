import assert from "node:assert/strict";
import { assign, at, foundIds, search } from "./callEmulator";
import { Emulator } from "./emulator";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const findings = seedFindings({ count: 5 });
const ids = findings.map(({ id }) => id);
const [one = "", two = "", three = "", four = ""] = ids;
const [ada, ben] = seedUsers();
assert.ok(ada && ben);

async function workflowOf(emulator: Emulator, id: string): Promise<unknown> {
  const { body } = await search(emulator, `@finding_id:"${id}"`);
  return at(body, "data.0.attributes.attributes.custom.workflow");
}

/** Four findings, of which the first three share a ticket. */
function shared(system: "none" | "jira" | "linear" | "servicenow") {
  const emulator = new Emulator({ findings, clock: new SimulatedClock(Date.UTC(2026, 0, 2)) });
  const ticket = emulator.tickets.create({ system });
  emulator.tickets.attach(ticket.id, [one, two, three]);
  return { emulator, ticket };
}

describe("emulator: findings that share a ticket", () => {
  for (const system of ["none", "jira", "linear"] as const) {
    it(`follow the one that is assigned or unassigned (${system})`, async () => {
      const { emulator, ticket } = shared(system);
      const owners = () => ids.slice(0, 4).map((id) => emulator.ownerOf(id));
      await assign(emulator, [one, four], ada.id);
      assert.deepEqual(owners(), [ada.id, ada.id, ada.id, ada.id]);
      assert.equal(emulator.tickets.get(ticket.id).assignee?.id, ada.id);
      await assign(emulator, [two], null);
      assert.deepEqual(owners(), [null, null, null, ada.id]);
      assert.equal(emulator.tickets.get(ticket.id).assignee, null);
    });
  }

  it("do not where the ticket is ServiceNow's", async () => {
    const { emulator, ticket } = shared("servicenow");
    await assign(emulator, [one], ada.id);
    assert.deepEqual([emulator.ownerOf(one), emulator.ownerOf(two)], [ada.id, null]);
    emulator.tickets.assign(ticket.id, ben.id);
    assert.deepEqual([emulator.ownerOf(one), emulator.ownerOf(two)], [ada.id, null]);
    emulator.tickets.attach(ticket.id, [four]);
    assert.equal(emulator.ownerOf(four), null);
  });

  it("show as consequences in the log, and are not touched by their ids", async () => {
    const { emulator, ticket } = shared("jira");
    await assign(emulator, [one], ada.id);
    await assign(emulator, [four], ada.id);
    const [first, second] = emulator.requests.all;
    const followed = (findingId: string) => ({ findingId, from: null, to: ada.id, ticket: ticket.key });
    assert.deepEqual(first?.consequences, [followed(two), followed(three)]);
    assert.equal(second?.consequences, undefined);
    assert.deepEqual([...emulator.touched], [one, four]);
    assert.deepEqual(
      emulator.ownerChanges.map(({ findingId, by }) => [findingId, by]),
      [
        [one, "api"],
        [two, "ticket"],
        [three, "ticket"],
        [four, "api"],
      ],
    );
  });

  it("follow a colleague who assigns one of them by hand, and the ticket itself", () => {
    const { emulator, ticket } = shared("none");
    emulator.reassignByHand(three, ben.id);
    assert.deepEqual([emulator.ownerOf(one), emulator.tickets.get(ticket.id).assignee?.id], [ben.id, ben.id]);
    emulator.tickets.assign(ticket.id, ada.id);
    assert.deepEqual(
      [one, two, three].map((id) => emulator.ownerOf(id)),
      [ada.id, ada.id, ada.id],
    );
    emulator.tickets.assign(ticket.id, null);
    assert.equal(emulator.ownerOf(one), null);
  });

  it("are what a search says after its lag", async () => {
    const { emulator } = shared("none");
    emulator.settings.searchLagMs = 60_000;
    await assign(emulator, [one], ada.id);
    assert.deepEqual(await foundIds(emulator, `@workflow.triage.assignee.id:${ada.id}`), []);
    emulator.settings.searchLagMs = 0;
    await assign(emulator, [two], ben.id);
    assert.deepEqual(await foundIds(emulator, `@workflow.triage.assignee.id:${ben.id}`), [one, two, three]);
  });

  it("do not where the keys may not change the case: a warning, and only the finding changes", async () => {
    const { emulator, ticket } = shared("none");
    emulator.tickets.permit(ticket.id, false);
    const { status, body } = await assign(emulator, [one], ada.id);
    assert.deepEqual([status, at(body, "meta.failures")], [202, undefined]);
    assert.deepEqual(
      [at(body, "meta.warnings.0.finding_id"), at(body, "meta.warnings.0.status")],
      [one, 403],
    );
    assert.match(String(at(body, "meta.warnings.0.detail")), /CASE-1/);
    assert.deepEqual([emulator.ownerOf(one), emulator.ownerOf(two)], [ada.id, null]);
    assert.equal(emulator.tickets.get(ticket.id).assignee, null);
  });
});

describe("emulator: attaching findings to a ticket", () => {
  it("gives them the ticket's assignee, or leaves theirs where it has none", async () => {
    const emulator = new Emulator({ findings });
    await assign(emulator, [one], ada.id);
    emulator.tickets.attach(emulator.tickets.create().id, [one, two]);
    assert.deepEqual([emulator.ownerOf(one), emulator.ownerOf(two)], [ada.id, null]);
    emulator.tickets.attach(emulator.tickets.create({ assigneeId: ben.id }).id, [one, three]);
    assert.deepEqual([emulator.ownerOf(one), emulator.ownerOf(three)], [ben.id, ben.id]);
  });

  it("ends with detaching, which leaves the owners", async () => {
    const { emulator, ticket } = shared("none");
    await assign(emulator, [one], ada.id);
    emulator.tickets.detach([two]);
    assert.equal(emulator.ownerOf(two), ada.id);
    await assign(emulator, [one], null);
    assert.deepEqual([emulator.ownerOf(two), emulator.ownerOf(three)], [ada.id, null]);
    assert.deepEqual(emulator.tickets.findingsOf(ticket.id), [one, three]);
    assert.equal(at(await workflowOf(emulator, two), "integrations"), undefined);
  });
});

describe("emulator: how a search shows a ticket", () => {
  it("as the schema reference's examples do, for a case and for an issue of Jira", async () => {
    const { emulator, ticket } = shared("jira");
    await assign(emulator, [one], ada.id);
    const createdAt = Date.UTC(2026, 0, 2);
    assert.deepEqual(at(await workflowOf(emulator, one), "integrations"), {
      cases: {
        id: ticket.id,
        key: "CASE-1",
        status: "open",
        created_at: createdAt,
        updated_at: createdAt,
        assignee: { id: ada.id, name: "Ada Moreau" },
        updated_by: { id: "5e41ce00-0000-4000-8000-00000000a001", name: "API caller" },
        jira_issue: { key: "PROJ-1", status: "To Do", url: "https://jira.example.com/browse/PROJ-1" },
      },
      jira: ["PROJ-1"],
    });
    assert.deepEqual(await foundIds(emulator, "@workflow.integrations.cases.key:CASE-1"), [one, two, three]);
    assert.deepEqual(
      await foundIds(emulator, "@workflow.integrations.cases.jira_issue.key:PROJ-1 -@finding_id:x"),
      [one, two, three],
    );
  });

  it("without an assignee where nobody has it, and as a list where that is asked for", async () => {
    const { emulator, ticket } = shared("none");
    emulator.settings.casesForm = "list";
    const createdAt = Date.UTC(2026, 0, 2);
    assert.deepEqual(at(await workflowOf(emulator, one), "integrations.cases"), [
      { id: ticket.id, key: "CASE-1", status: "open", created_at: createdAt, updated_at: createdAt },
    ]);
  });
});
