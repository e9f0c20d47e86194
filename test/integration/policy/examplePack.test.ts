import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, exampleWorld, startEmulator } from "../../emulator";
import { createDeployment } from "../../engine";
import { findingsResources, judge } from "../../support/policyJudge";
import { PolicyServer, type ShownResource } from "../../support/policyServer";
import { assignment, fallbackRule, ownership, rule } from "./shownResources";

const examples = join(__dirname, "..", "..", "..", "examples");
const pack = join(examples, "policy-pack");
/** Those for Node.js, which the embedded engine runs. */
const programs = readdirSync(examples).filter(
  (name) => existsSync(join(examples, name, "Pulumi.yaml")) && existsSync(join(examples, name, "index.ts")),
);

describe("the example policy pack", () => {
  let server: PolicyServer;
  before(async () => {
    server = await PolicyServer.start(pack);
    await server.configure();
  });
  after(() => server?.stop());

  it("has all policies, each with a description and properties to configure", async () => {
    const policies = await server.policies();
    assert.deepEqual(
      policies.map(({ name, kind, level, config }) => [name, kind, level, Object.keys(config).sort().join()]),
      [
        ["findings-allowed-owners", "resource", "mandatory", "domains,teams,users"],
        ["findings-no-duplicates", "stack", "mandatory", "show"],
        ["findings-max-assignment-size", "resource", "mandatory", "max"],
        ["findings-fallback-rule", "resource", "mandatory", "fallback"],
        ["findings-rule-name-and-note", "resource", "advisory", "notePattern"],
        ["findings-no-overwrite-on-protected", "resource", "mandatory", "query"],
      ],
    );
    for (const { config } of policies) {
      for (const schema of Object.values(config)) assert.ok(Object.hasOwn(Object(schema), "description"));
    }
  });

  const tooMany = Array.from({ length: 1001 }, (_, index) => `f${index}`);
  const bad: Readonly<Record<string, readonly ShownResource[]>> = {
    "findings-allowed-owners": [assignment("a", { assignee: "me@gmail.com" })],
    "findings-no-duplicates": [assignment("a"), assignment("b")],
    "findings-max-assignment-size": [assignment("a", { findingIds: tooMany })],
    "findings-fallback-rule": [ownership("o", [rule("payments")])],
    "findings-rule-name-and-note": [ownership("o", [rule("payments", { note: "" }), fallbackRule])],
    "findings-no-overwrite-on-protected": [
      ownership("o", [rule("payments", { overwrite: true }), fallbackRule], { scope: "" }),
    ],
  };
  for (const [policy, resources] of Object.entries(bad)) {
    it(`refuses a bad program: ${policy}`, async () => {
      const violations = await judge(server, resources);
      assert.deepEqual([...new Set(violations.map((violation) => violation.policy))], [policy]);
    });
  }

  it("accepts ordered rules with a fallback for the critical ones", async () => {
    const rules = [
      rule("payments", { query: "@severity:(critical OR high) team:payments", overwrite: true }),
      rule("platform"),
      rule("rest", { query: "@severity:critical" }),
    ];
    const resources = [ownership("security", rules, { maxChanges: 500 }), assignment("pinned")];
    assert.deepEqual(await judge(server, resources), []);
  });

  for (const program of programs) {
    it(`accepts examples/${program}`, async () => {
      const resources = await previewed(join(examples, program));
      assert.ok(resources.length > 0);
      const violations = await judge(server, resources);
      assert.deepEqual(
        violations.filter(({ level }) => level === "mandatory"),
        [],
      );
    });
  }
});

/** What the engine has of our resources in a preview. */
async function previewed(projectDir: string): Promise<ShownResource[]> {
  const stateDir = mkdtempSync(join(tmpdir(), "policy-"));
  const { url, close } = await startEmulator(exampleWorld({ count: 50 }));
  try {
    const config = {
      "datadog:apiUrl": { value: url },
      "datadog:apiKey": { value: EMULATOR_API_KEY, secret: true },
      "datadog:appKey": { value: EMULATOR_APP_KEY, secret: true },
    };
    const deployment = createDeployment({ projectDir, stack: "dev", stateDir, config });
    const result = await deployment.preview();
    assert.equal(result.exitCode, 0, result.stdout);
    return findingsResources(result);
  } finally {
    await close();
    rmSync(stateDir, { recursive: true });
  }
}
