import assert from "node:assert/strict";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { nameOf, type ResourceState } from "./checkpoint";
import { planWaves } from "./deleteSteps";
import { secret } from "./properties";
import { ignoreChanges, readGoal } from "./resourceGoal";
import { Secrets } from "./secrets";

const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  type: "pulumi-nodejs:dynamic:Resource",
  custom: true,
  ...more,
});

function read(change: (request: RegisterResourceRequest) => unknown): ResourceState {
  const request = new RegisterResourceRequest();
  request.setType("pulumi-nodejs:dynamic:Resource");
  request.setName("r");
  request.setCustom(true);
  change(request);
  return readGoal(request, "dev", "project");
}

describe("parts of the embedded engine", () => {
  const refused: Record<string, (request: RegisterResourceRequest) => unknown> = {
    "other providers \\(aws:s3:Bucket\\)": (request) => request.setType("aws:s3:Bucket"),
    "other providers \\(pulumi:providers:aws\\)": (request) => request.setType("pulumi:providers:aws"),
    "provider versions": (request) => request.setVersion("1.0.0"),
    "aliases other than of a type": (request) =>
      request.addAliases(new Alias().setSpec(new Alias.Spec().setName("old"))),
    import: (request) => request.setImportid("id"),
    replaceOnChanges: (request) => request.setReplaceonchangesList(["a"]),
    additionalSecretOutputs: (request) => request.setAdditionalsecretoutputsList(["a"]),
    deleteBeforeReplace: (request) => request.setDeletebeforereplace(true),
    "remote\\)": (request) => request.setRemote(true),
    "ignoreChanges of list elements": (request) => request.setIgnorechangesList(["a[0]"]),
  };
  for (const [feature, change] of Object.entries(refused)) {
    it(`refuses ${feature} by name`, () => {
      assert.throws(() => read(change), new RegExp(`${feature}.*pulumi CLI`));
    });
  }
  it("refuses nothing of an ordinary resource", () => {
    assert.equal(nameOf(read(() => undefined).urn), "r");
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

  it("encrypts secrets, reads them with the same passphrase, and with no other", () => {
    const closed = new Secrets("right").close({ list: [secret("hidden")], open: "seen" });
    assert.doesNotMatch(JSON.stringify(closed), /hidden/);
    const again = new Secrets("right");
    assert.deepEqual(again.open(closed), { list: [secret("hidden")], open: "seen" });
    assert.deepEqual(again.close(again.open(closed)), closed, "an unchanged secret keeps its ciphertext");
    assert.throws(() => new Secrets("wrong").open(closed), /passphrase/);
  });
});
