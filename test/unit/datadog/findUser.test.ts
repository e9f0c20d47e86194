import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { UserLookupError } from "../../../provider/datadog/errors";
import { findUser } from "../../../provider/datadog/findUser";
import { AssigneeResolver } from "../../../provider/session/assigneeResolver";
import { type EmulatedUser, Emulator, inProcessSend, SimulatedClock, seedUsers } from "../../emulator";

describe("owners by name", () => {
  const clock = new SimulatedClock();
  const [base] = seedUsers({ count: 1 });
  assert.ok(base);
  const user = (id: string, email: string, more: Partial<EmulatedUser> = {}) => ({
    ...base,
    id: `00000000-0000-4000-8000-00000000000${id}`,
    name: null,
    email,
    handle: email,
    disabled: false,
    ...more,
  });
  const users = [
    user("1", "ada@example.com"),
    user("2", "ada@example.com.au"),
    user("3", "gone@example.com", { disabled: true }),
    user("4", "twin@example.com"),
    user("5", "twin@example.com", { handle: "other-twin", name: "CI", serviceAccount: true }),
    user("6", "back@example.com", { disabled: true }),
    user("7", "back@example.com", { handle: "back-again" }),
  ];
  const emulator = new Emulator({ clock, users });
  const api = createFindingsApi(inProcessSend(emulator), clock);
  const find = (name: string) => clock.run(findUser(api, name));

  it("match an e-mail or handle exactly, ignoring case, and not a part of another", async () => {
    assert.equal((await find("ADA@Example.com")).id, users[0]?.id);
    assert.equal((await find("ada@example.com.au")).id, users[1]?.id);
    assert.equal((await find("Other-Twin")).id, users[4]?.id);
  });

  it("take the active one where a disabled user has the same e-mail", async () => {
    assert.equal((await find("back@example.com")).id, users[6]?.id);
  });

  it("list near matches where one is unknown", async () => {
    await assert.rejects(find("adda@example.com"), (error: unknown) => {
      assert.ok(error instanceof UserLookupError && error.problem === "unknown");
      assert.match(error.message, /did you mean .*ada@example\.com/);
      return true;
    });
  });

  describe("that are nobody's", () => {
    const people = [
      "kira.patel@example.com",
      "payments-lead@example.org",
      "payments-leads@example.com",
      "payments-load@example.com",
      "payments@example.com",
      "pat@example.com",
      "ada.moreau@example.com",
      "gona@example.com",
    ];
    const organisation = new Emulator({
      clock,
      users: [
        ...people.map((email, index) => user(String(index), email)),
        user("9", "gone@example.com", { disabled: true }),
      ],
    });
    const other = createFindingsApi(inProcessSend(organisation), clock);
    const suggested = async (name: string) => {
      const error: unknown = await clock.run(findUser(other, name)).catch((reason) => reason);
      assert.ok(error instanceof UserLookupError, String(error));
      return error.candidates;
    };

    it("get the nearest by what stands before the @, and nobody who is far away", async () => {
      assert.deepEqual(await suggested("payments-lead@example.com"), [
        "payments-lead@example.org",
        "payments-leads@example.com",
        "payments-load@example.com",
      ]);
      assert.deepEqual(await suggested("kira.petal@example.com"), ["kira.patel@example.com"]);
      assert.deepEqual(await suggested("KIRA.PATEL@exmaple.com"), ["kira.patel@example.com"]);
      assert.deepEqual(await suggested("moreau@example.com"), ["ada.moreau@example.com"]);
      for (const name of ["kirill@example.com", "pavel@example.com", "zoe@example.com", "p"]) {
        assert.deepEqual(await suggested(name), [], name);
      }
    });

    it("get another where theirs is disabled", async () => {
      assert.deepEqual(await suggested("gone@example.com"), ["gona@example.com"]);
      await assert.rejects(clock.run(findUser(other, "gone@example.com")), {
        message:
          'the user "gone@example.com" is disabled in Datadog and cannot own findings; did you mean gona@example.com?',
      });
    });
  });

  it("refuse a disabled user, and one that is two: which is the person is told", async () => {
    await assert.rejects(find("gone@example.com"), /is disabled in Datadog/);
    await assert.rejects(find("twin@example.com"), (error: unknown) => {
      assert.ok(error instanceof UserLookupError && error.problem === "ambiguous");
      const [person, account] = users.slice(3, 5).map(({ id }) => id);
      const accounts = `no name (person, ${person}), CI (service account, ${account})`;
      assert.equal(
        error.message,
        `"twin@example.com" names more than one user: ${accounts}; declare the UUID of the one you mean`,
      );
      return true;
    });
  });

  it("are asked for once a process and name, and a UUID not at all", async () => {
    const resolver = new AssigneeResolver(api);
    emulator.requests.reset();
    const resolved = await clock.run(
      Promise.all(
        ["ada@example.com", "ADA@example.com", "ada@example.com"].map((name) => resolver.resolve(name)),
      ),
    );
    assert.deepEqual(new Set(resolved), new Set([users[0]?.id]));
    assert.equal(emulator.requests.count(), 1);
    await resolver.resolve("F315BDAF-9EE7-4808-A9C1-99C15BF0F4D0");
    assert.equal(emulator.requests.count(), 1);
  });
});
