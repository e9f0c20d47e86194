import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { secretInputs } from "../../../provider/program/secretInputs";

describe("secret inputs of a resource", () => {
  const secret = (value: unknown) => pulumi.secret(value);

  it("are named by path, wherever in the arguments the secret is", async () => {
    const rules = [
      { name: "a", query: secret("team:a"), assignee: "a@example.com" },
      secret({ name: "b", query: "team:b", assignee: "b@example.com" }),
      pulumi.output({ name: "c", query: secret("team:c"), assignee: "c@example.com" }),
      Promise.resolve({ name: "d", query: "team:d", assignee: secret("d@example.com") }),
    ];
    assert.deepEqual(await secretInputs({ rules, scope: "env:prod", maxChanges: secret(5) }), [
      "rules[0].query",
      "rules[1]",
      "rules[2]",
      "rules[3].assignee",
      "maxChanges",
    ]);
  });

  it("are lists of ids as a whole, as their order means nothing", async () => {
    const findingIds = ["f1", secret("f2"), pulumi.output("f3")];
    assert.deepEqual(await secretInputs({ findingIds, exclude: pulumi.output(["f4"]) }), ["findingIds"]);
  });

  it("are found in what an output holds, too", async () => {
    const held = pulumi.output("x").apply(() => [secret("f1")]);
    assert.deepEqual(await secretInputs({ findingIds: held, assignee: pulumi.output("a") }), ["findingIds"]);
  });

  it("are whole inputs where many parts are secret", async () => {
    const rules = Array.from({ length: 21 }, () => ({ query: secret("team:a") }));
    assert.deepEqual(await secretInputs({ rules }), ["rules"]);
  });

  it("are none where nothing is secret, however it is wrong", async () => {
    const failed = Promise.reject(new Error("no such value"));
    assert.deepEqual(
      await secretInputs({ findingIds: [undefined, null], assignee: failed, onMissing: 5 }),
      [],
    );
  });
});
