import assert from "node:assert/strict";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { ResourceState } from "./checkpoint";
import { findPulumiCli } from "./chooseEngines";
import { planWaves } from "./deleteSteps";
import type { DeploymentResult } from "./deployment";
import { secret, UNKNOWN } from "./properties";
import { diffProperties } from "./propertyDiff";
import { renderResult } from "./render";
import { ignoreChanges, readGoal } from "./resourceGoal";
import { createCipher } from "./secretsCipher";

const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  type: "pulumi-nodejs:dynamic:Resource",
  custom: true,
  ...more,
});

function dynamicResource(change: (request: RegisterResourceRequest) => unknown): RegisterResourceRequest {
  const request = new RegisterResourceRequest();
  request.setType("pulumi-nodejs:dynamic:Resource");
  request.setName("r");
  request.setCustom(true);
  change(request);
  return request;
}

describe("parts of the embedded engine", () => {
  const refused: Record<string, (request: RegisterResourceRequest) => unknown> = {
    "other providers \\(aws:s3:Bucket\\)": (request) => request.setType("aws:s3:Bucket"),
    "explicit providers": (request) => request.setProvider("urn:x::id"),
    "provider versions": (request) => request.setVersion("1.0.0"),
    aliases: (request) => request.setAliasurnsList(["urn:x"]),
    import: (request) => request.setImportid("id"),
    replaceOnChanges: (request) => request.setReplaceonchangesList(["a"]),
    deletedWith: (request) => request.setDeletedwith("urn:x"),
    additionalSecretOutputs: (request) => request.setAdditionalsecretoutputsList(["a"]),
    "remote\\)": (request) => request.setRemote(true),
    "ignoreChanges of list elements": (request) => request.setIgnorechangesList(["a[0]"]),
  };
  for (const [feature, change] of Object.entries(refused)) {
    it(`refuses ${feature} by name`, () => {
      assert.throws(() => readGoal(dynamicResource(change)), new RegExp(`${feature}.*pulumi CLI`));
    });
  }
  it("refuses nothing of an ordinary resource", () => {
    assert.equal(readGoal(dynamicResource(() => undefined)).name, "r");
  });

  it("ignores changes of a property, of one inside another, and of one that was not there", () => {
    const olds = { a: 1, b: { c: 1, d: 1 } };
    const news = { a: 2, b: { c: 2, d: 2 }, e: 3 };
    assert.deepEqual(ignoreChanges(news, olds, ["a", "b.c", "e"]), { a: 1, b: { c: 1, d: 2 } });
  });

  it("deletes dependents first, and the youngest first among equals", () => {
    const [stack, provider] = [resource("stack"), resource("provider")];
    const a = resource("a", { parent: "stack", provider: "provider::1" });
    const b = resource("b", { parent: "stack", dependencies: ["a"], provider: "provider::1" });
    const c = resource("c", { propertyDependencies: { x: ["a"] }, provider: "provider::1" });
    const waves = planWaves([stack, provider, a, b, c]).map((wave) => wave.map(({ urn }) => urn));
    assert.deepEqual(waves, [["c", "b"], ["a"], ["provider", "stack"]]);
  });

  it("encrypts secrets, reads them with the same passphrase, and with no other", async () => {
    const cipher = await createCipher("right");
    const closed = cipher.close({ list: [secret("hidden")], open: "seen" });
    assert.doesNotMatch(JSON.stringify(closed), /hidden/);
    const again = await createCipher("right", cipher.provider);
    assert.deepEqual(again.open(closed), { list: [secret("hidden")], open: "seen" });
    assert.deepEqual(again.close(again.open(closed)), closed, "an unchanged secret keeps its ciphertext");
    await assert.rejects(createCipher("wrong", cipher.provider), /passphrase/);
  });

  it("shows lists by what was added and removed, and never a secret, nor the mark of an unknown value", () => {
    const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `f${from + i}`);
    const diff = diffProperties(
      { ids: ids(0, 300), key: secret("old"), __provider: "x" },
      { ids: [...ids(5, 310)].reverse(), key: secret("new"), __provider: "y" },
    );
    const step = { urn: "u", type: "t", name: "n", kind: "update", diff, failed: false } as const;
    const result: DeploymentResult = {
      command: "preview",
      exitCode: 0,
      stdout: "",
      changes: { update: 1 },
      outputs: {},
      secretOutputs: [],
      diagnostics: [],
      durationMs: 1,
      steps: [step],
    };
    const text = renderResult(
      { ...result, outputs: { id: UNKNOWN, hidden: "x" }, secretOutputs: ["hidden"] },
      "dev",
    );
    assert.match(text, /ids: \+10 -5\n {8}\+ "f309"\n.*\n.*\n {8}\+ \.\.\. 7 more\n {8}- "f0"/);
    assert.match(text, /key: \[secret\] => \[secret\]/);
    assert.match(text, /~ {2}1 to update/);
    assert.match(text, /Outputs:\n {4}hidden: \[secret\]\n {4}id: \[unknown\]\n/);
    const unchanged = renderResult({ ...result, steps: [{ ...step, kind: "same", diff: [] }] }, "dev");
    assert.match(unchanged, /^Previewing update \(dev\):\n\n {2}no changes\n\nResources:/);
    const failed = renderResult({ ...result, exitCode: 1, steps: [], changes: {} }, "dev");
    assert.match(failed, /^Previewing update \(dev\):\n\nDuration:/);
  });

  it("finds no CLI where there is none", () => {
    assert.equal(findPulumiCli({ PATH: __dirname }), undefined);
    assert.equal(findPulumiCli({}), undefined);
  });
});
