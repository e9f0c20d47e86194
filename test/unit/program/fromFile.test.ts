import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { FindingsOwnership } from "../../../provider";

describe("rules from a file", () => {
  const registered: { name: string; inputs: Record<string, unknown> }[] = [];
  let folder: string;
  let path: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "findings-rules-"));
    path = join(folder, "ownership.yaml");
    const rules = [{ name: "all", query: "*", assignee: "a@example.com" }];
    writeFileSync(path, JSON.stringify({ rules, exclude: ["f1"] }));
    await pulumi.runtime.setMocks({
      newResource({ name, inputs }) {
        registered.push({ name, inputs });
        return { id: "id", state: inputs };
      },
      call: () => ({}),
    });
  });
  beforeEach(() => registered.splice(0));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function inputsOf(resource: FindingsOwnership) {
    await new Promise((resolve) => resource.urn.apply(resolve));
    const [{ name, inputs } = { name: "", inputs: {} }] = registered;
    return { name, exclude: inputs["exclude"], internal: inputs["__resource"] };
  }

  it("have the order of all resources: name, path, options", async () => {
    const found = await inputsOf(FindingsOwnership.fromFile("security", path, { exclude: ["f2"] }));
    const internal = { name: "security", fromFile: true };
    assert.deepEqual(found, { name: "security", exclude: ["f1", "f2"], internal });
  });

  it("are read by the former order too: path, options with the name", async () => {
    const found = await inputsOf(FindingsOwnership.fromFile(path, { name: "security", exclude: ["f2"] }));
    const internal = { name: "security", fromFile: true };
    assert.deepEqual(found, { name: "security", exclude: ["f1", "f2"], internal });
  });

  it("are named after the file where the former order gives no name", async () => {
    const found = await inputsOf(FindingsOwnership.fromFile(path));
    assert.deepEqual(found, {
      name: "ownership",
      exclude: ["f1"],
      internal: { name: "ownership", fromFile: true },
    });
  });
});
