import assert from "node:assert/strict";
import { seedFindings } from "../emulator";
import { chooseEngines } from "../engine";
import { keys, openTestbed, type Testbed, type TestbedOptions } from "./testbed";

for (const choice of chooseEngines()) {
  describe(`the preview of a FindingsAssignment on the ${choice.name}`, () => {
    let bed: Testbed;
    const open = async (options: TestbedOptions) => {
      bed = await openTestbed(choice, options);
      return bed;
    };
    afterEach(() => bed.close());

    it("checks the owner and says who has the findings now, at one request for 100 of them", async () => {
      const { emulator, engine, ids, preview, up } = await open({ count: 120 });
      const [ada, ben] = emulator.users;
      assert.ok(ada && ben);
      for (const id of ids.slice(0, 3)) emulator.reassignByHand(id, ben.id);
      emulator.reassignByHand(ids[3] ?? "", ada.id);
      emulator.requests.reset();
      const spec = { payments: { findingIds: [...ids.slice(0, 43), "unknown"], assignee: ada.email } };
      const { stdout } = await preview(spec);
      for (const line of [
        "payments: 42 findings to assign to Ada Moreau <ada.moreau@example.com>: 39 from nobody, 3 from Ben Okafor",
        "payments: 1 finding already belongs to Ada Moreau <ada.moreau@example.com>",
        "payments: warning: the search does not show 1 finding",
        '; if it is gone, pulumi up fails, unless onMissing is "ignore": unknown',
      ]) {
        assert.ok(stdout.includes(line), `${line} in ${stdout}`);
      }
      assert.equal(emulator.requests.count({ family: "search" }), 1);
      assert.equal(emulator.requests.count({ family: "users" }), 1);

      const deployed = await up({ payments: { findingIds: ids.slice(0, 43), assignee: ada.email } });
      assert.ok(!deployed.stdout.includes("to assign to"), deployed.stdout);
      assert.ok(!JSON.stringify(await engine.exportState()).includes(`"preview":`));
      emulator.requests.reset();
      const more = await preview({ payments: { findingIds: ids.slice(0, 53), assignee: ada.email } });
      assert.ok(more.stdout.includes("payments: 10 findings to assign to Ada Moreau"), more.stdout);
      const same = await preview({ payments: { findingIds: ids.slice(0, 43), assignee: ada.email } });
      assert.ok(!same.stdout.includes("to assign to"), same.stdout);
    });

    it("says whose findings would change owner through a shared ticket, for one request more", async () => {
      const { emulator, ids, preview } = await open({ count: 20 });
      const [ada, ben] = emulator.users;
      const [free = "", taken = ""] = ids;
      assert.ok(ada && ben);
      emulator.reassignByHand(taken, ben.id);
      const { id } = emulator.tickets.create({ system: "jira" });
      emulator.tickets.attach(id, [free, taken]);
      emulator.requests.reset();
      const { stdout } = await preview({ payments: { findingIds: [free], assignee: ada.email } });
      const line = `payments: 1 other finding changes owner through a shared ticket, 1 from Ben Okafor: ${taken}`;
      assert.ok(stdout.includes(line), stdout);
      assert.equal(emulator.requests.count({ family: "search" }), 2);
    });

    it("names what is probably meant by an id that the search does not show", async () => {
      const { emulator, ids, preview, up } = await open({ count: 20 });
      const [owner] = emulator.users;
      const [first = "", second = ""] = ids;
      const other = "0123456789abcdef-other==";
      const typo = (id: string) => `${id.slice(0, 5)}${id[6]}${id[5]}${id.slice(7)}`;
      emulator.addFindings(seedFindings({ count: 1 }).map((finding) => ({ ...finding, id: other })));
      const program = (findingIds: readonly string[]) => ({
        a: { findingIds: [...findingIds], assignee: owner?.id },
      });
      await up(program([first, second, other]));
      emulator.requests.reset();
      const { stdout } = await preview(
        program([typo(first), second, "0123456789abcdef-other", "nothing-like-it"]),
      );
      for (const line of [
        `a: warning: Datadog shows no finding ${typo(first)}; did you mean ${first}?`,
        `a: warning: Datadog shows no finding 0123456789abcdef-other; did you mean ${other}?`,
      ]) {
        assert.ok(stdout.includes(line), `${line} in ${stdout}`);
      }
      assert.ok(!stdout.includes("no finding nothing-like-it"), stdout);
      assert.equal(emulator.requests.count({ family: "search" }), 1);
    });

    it("fails where the owner is unknown or disabled, and names near matches", async () => {
      const { emulator, ids, engine, preview } = await open({ count: 5 });
      assert.ok(engine);
      const [, ben] = emulator.users;
      assert.ok(ben);
      const typo = await preview({ a: { findingIds: ids, assignee: "ada.moerau@example.com" } });
      assert.notEqual(typo.exitCode, 0);
      assert.match(typo.stdout, /did you mean ada\.moreau@example\.com\?/);
      emulator.putUser({ ...ben, disabled: true });
      const disabled = await preview({ a: { findingIds: ids, assignee: ben.id } });
      assert.notEqual(disabled.exitCode, 0);
      assert.match(disabled.stdout, /the user Ben Okafor <ben\.okafor@example\.com> is disabled in Datadog/);
    });

    it("asks nothing with datadog:previewLookups set to false, and without keys says what it did not check", async () => {
      const spec = (ids: readonly string[]) => ({
        a: { findingIds: [...ids], assignee: "ada.moreau@example.com" },
      });
      const quiet = await open({
        count: 5,
        config: { ...keys, "datadog:previewLookups": { value: "false" } },
      });
      const preview = await quiet.preview(spec(quiet.ids));
      assert.equal(preview.exitCode, 0, preview.stdout);
      assert.equal(quiet.emulator.requests.count(), 0);
      await quiet.close();
      const keyless = await open({ count: 5, config: {} });
      const { exitCode, stdout } = await keyless.preview(spec(keyless.ids));
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /a: warning: could not check the owner: Datadog needs an API key/);
      assert.equal(keyless.emulator.requests.count(), 0);
    });
  });
}
