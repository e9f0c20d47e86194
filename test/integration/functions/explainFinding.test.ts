import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { explainFinding } from "../../../provider/program/explainFinding";
import { type DeployedOwnership, ownershipSpec } from "../../../provider/rules/rule";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";

describe("explaining a finding", () => {
  const clock = new SimulatedClock();
  const findings = seedFindings({ count: 40 });
  const emulator = new Emulator({ clock, findings });
  const api = createFindingsApi(inProcessSend(emulator), clock);
  const owners = emulator.users.map(({ id }) => id);
  const rules = [
    { name: "words", query: "(kubelet certificate) OR bucket", assignee: "a" },
    { name: "team", query: "team:payments", assignee: "b" },
    { name: "hosts", query: "@resource_type:host -team:data", assignee: "c" },
  ];

  async function explain(
    id: string,
    {
      declared = rules,
      scope,
      deployed = [],
    }: Partial<{
      declared: typeof rules;
      scope: string;
      deployed: DeployedOwnership[];
    }> = {},
  ) {
    const spec = ownershipSpec({ rules: declared, scope });
    emulator.requests.reset();
    return clock.run(
      explainFinding(
        api,
        spec,
        { ownerIds: owners.slice(0, declared.length).map((owner) => [owner]), deployed },
        id,
      ),
    );
  }

  it("asks Datadog for what the search does not return, once for each rule, and always decides", async () => {
    const decided = new Map<string, number>();
    for (const { id, title, tags, resourceType } of findings) {
      const { outcome, sentences } = await explain(id);
      const isWords = title.includes("Kubelet") || title.includes("S3 bucket");
      const isHost = resourceType === "host" && !tags.includes("team:data");
      const name = isWords ? "words" : tags.includes("team:payments") ? "team" : isHost ? "hosts" : undefined;
      assert.equal(outcome, name ? "assign" : "unclaimed", sentences.join("\n"));
      if (name) assert.match(sentences[0] ?? "", new RegExp(`by rule "${name}"`));
      assert.ok(emulator.requests.count() <= 3);
      assert.doesNotMatch(sentences.join("\n"), /cannot be decided/);
      decided.set(name ?? "none", (decided.get(name ?? "none") ?? 0) + 1);
    }
    assert.equal(decided.size, 4);
  });

  it("asks nothing where the search result decides", async () => {
    const { sentences } = await explain(findings[0]?.id ?? "", {
      declared: [{ name: "severe", query: "@severity:* team:*", assignee: "a" }],
    });
    assert.match(sentences[0] ?? "", /by rule "severe"/);
    assert.equal(emulator.requests.count(), 1);
  });

  it("asks for the scope as well, and for an OR with the finding's id outside of it", async () => {
    const id = findings.find(({ title }) => title.includes("AWS access key"))?.id ?? "";
    const other = await explain(id, { scope: "bucket OR kubelet" });
    assert.equal(other.outcome, "outsideScope");
    assert.notEqual((await explain(id, { scope: "key OR kubelet" })).outcome, "outsideScope");
  });

  it("asks for rules that were deployed before, and hands over what they had given away", async () => {
    const finding = findings.find(({ title }) => title.includes("AWS access key"));
    const [former = "", other = ""] = owners.slice(5);
    const declared = [{ name: "all", query: "*", assignee: "a" }];
    const before = (query: string) => [
      { scope: undefined, exclude: [], rules: [{ name: "old", query, ownerIds: [former] }] },
    ];
    emulator.reassignByHand(finding?.id ?? "", former);
    const id = finding?.id ?? "";
    assert.equal((await explain(id, { declared, deployed: before("access key") })).outcome, "assign");
    assert.equal(emulator.requests.count(), 2);
    assert.equal((await explain(id, { declared, deployed: before("kubelet") })).outcome, "leftAlone");
    emulator.reassignByHand(id, other);
    assert.equal((await explain(id, { declared, deployed: before("access key") })).outcome, "leftAlone");
    assert.equal(emulator.requests.count(), 1);
  });

  it("says of an unknown finding that it is none", async () => {
    const { outcome, sentences } = await explain("nothing");
    assert.equal(outcome, undefined);
    assert.deepEqual(sentences, ["Datadog's search does not know the finding nothing"]);
  });
});
