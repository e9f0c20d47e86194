import assert from "node:assert/strict";
import { join } from "node:path";
import { seedFindings } from "../emulator";
import { exampleWorld } from "../emulator/exampleWorld/exampleWorld";
import { chooseEngines } from "../engine";
import { exampleUsers } from "../support/exampleUsers";
import { openTestbed, type Testbed, type TestbedOptions } from "./testbed";

const examples = join(__dirname, "..", "..", "examples");
const teams = ["payments", "platform", "mobile", "identity"];
/** Examples are type-checked, in their own project, where the package and the policy pack are tested. */
const transpileOnly = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

for (const choice of chooseEngines()) {
  describe(`FindingsOwnership deployed on the ${choice.name}`, () => {
    let bed: Testbed;
    const open = async (options: TestbedOptions) => {
      bed = await openTestbed(choice, options);
      return bed;
    };
    const inProgram = { projectDir: join(__dirname, "ownershipProgram") };
    afterEach(() => bed.close());

    it("shows its plan in the first preview, which changes nothing, and carries it out", async () => {
      const { users, teams: known } = exampleWorld();
      const findings = seedFindings({ count: 120, teams: ["payments", "platform", "mobile", "web"] });
      const { emulator, engine } = await open({
        projectDir: join(examples, "ownership"),
        findings,
        users,
        teams: known,
        env: transpileOnly,
      });
      const preview = await engine.preview();
      assert.equal(preview.exitCode, 0, preview.stdout);
      assert.match(preview.stdout, /security: \d+ findings to change by 44 rules, of at most 1,500/);
      assert.equal(emulator.touched.size, 0);
      const up = await engine.up();
      assert.equal(up.exitCode, 0, up.stdout);
      assert.equal(up.outputs.lastUpdateAssigned, emulator.touched.size);
      assert.ok(emulator.touched.size > 0);

      emulator.requests.reset();
      const again = await engine.up();
      assert.equal(again.changes.update ?? 0, 0, again.stdout);
      // a look-up for each team, for each name of a list or a chain, and one whose keys these are
      assert.deepEqual(emulator.requests.count({ family: "teams" }), 40);
      assert.equal(emulator.requests.count({ family: "users" }), 4);
      const searches = emulator.requests.count({ family: "search" });
      assert.ok(searches <= 5, `${searches} searches`);
    });

    it("leaves findings that a FindingsAssignment has pinned alone", async () => {
      const findings = seedFindings({ count: 200, teams });
      const { emulator, engine } = await open({
        projectDir: join(examples, "ownership-typescript"),
        findings,
        users: exampleUsers(),
        env: transpileOnly,
      });
      const up = await engine.up();
      assert.equal(up.exitCode, 0, up.stdout);
      const lead = emulator.users.find(({ email }) => email === "incident-lead@example.com")?.id;
      const pinned = findings.filter(
        ({ severity, status, tags }) =>
          severity === "critical" && status === "open" && tags.includes("team:identity"),
      );
      assert.ok(pinned.length > 0);
      bed.assertOwners(
        pinned.map(({ id }) => id),
        lead,
      );
    });

    it("explains, finds findings and users in the program", async () => {
      const { emulator, ids, up } = await open({ ...inProgram, count: 30 });
      const user = emulator.users.find(({ disabled }) => !disabled);
      const spec = {
        rules: [{ name: "all", query: "*", assignee: user?.email }],
        explain: ids[0],
        email: user?.email?.toUpperCase(),
        query: "*",
        limit: 30,
      };
      const { outputs } = await up(spec as never);
      assert.equal(outputs.total, 30);
      assert.match(String(outputs.explanation), /belongs to .* by rule "all"/);
      assert.equal((outputs.user as { id: string }).id, user?.id);
      assert.deepEqual([outputs.found, outputs.again], [30, 30]);
    });

    it("a rename releases nothing, and 20 rules with notes take less than 20 kB of the checkpoint", async () => {
      const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
      const findings = seedFindings({ count: 200, teams: names });
      const { emulator, engine, up } = await open({ ...inProgram, findings });
      const users = emulator.users.filter(({ disabled }) => !disabled);
      const rules = names.map((team, index) => ({
        name: `team-${team}`,
        query: `@severity:(critical OR high OR medium OR low OR info) (team:${team} OR service:(shop-${index}-web OR shop-${index}-api)) -env:(dev OR sandbox)`,
        assignee: users[index % 8]?.email,
        overwrite: index % 2 === 0,
        note: "Agreed with the lead of the team in March; SEC-1234 has the discussion",
      }));
      await up({ rules } as never);
      const before = emulator.owners();
      assert.ok([...before.values()].every((owner) => owner !== null));
      emulator.requests.reset();
      const { stdout } = await up({ name: "renamed", rules } as never);
      assert.match(
        stdout,
        /security: 0 findings released; findings that "renamed" gives to the same owners stay with them/,
      );
      assert.deepEqual(emulator.owners(), before);
      assert.equal(emulator.requests.count({ family: "assignee" }), 0);

      const { resources = [] } = (await engine.exportState()).deployment;
      const renamed = resources.find(({ urn }) => urn.endsWith("::renamed"));
      const size = JSON.stringify(renamed).length;
      assert.ok(size > 10_000 && size < 20_000, `${size} characters`);
    });

    it("refuses broken rules with rule and position before anything is sent", async () => {
      const { emulator, tryUp } = await open({ ...inProgram, count: 5 });
      const result = await tryUp({
        rules: [{ name: "a", query: "team:(x OR", assignee: "a@example.com", overwrit: true }],
      } as never);
      assert.notEqual(result.exitCode, 0);
      for (const part of ["rules[0].query", "rules[0].overwrit", 'did you mean "overwrite"?']) {
        assert.ok(result.stdout.includes(part), `${part} in ${result.stdout}`);
      }
      assert.equal(emulator.requests.count(), 0);
    });

    it("previews without keys: checks the rules, and says that it makes no plan", async () => {
      const { emulator, engine } = await open({
        projectDir: join(examples, "ownership"),
        count: 5,
        users: exampleUsers(),
        config: {},
        env: transpileOnly,
      });
      const preview = await engine.preview();
      assert.equal(preview.exitCode, 0, preview.stdout);
      assert.match(
        preview.stdout,
        /warning: no plan can be made: .*missing: .*; pulumi up fails for the same reason/,
      );
      assert.equal(emulator.requests.count(), 0);
    });
  });
}
