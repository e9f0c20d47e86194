import assert from "node:assert/strict";
import { join } from "node:path";
import type { PropertyMap } from "../../engine/properties";
import { PolicyServer, type Violation } from "../../support/policyServer";

export const singlePack = join(__dirname, "packs", "single");

/** Starts a pack that has this policy only, with these arguments of its factory. */
export function singlePolicy(policy: string, options: PropertyMap = {}): () => PolicyServer {
  let server: PolicyServer | undefined;
  before(async () => {
    server = await PolicyServer.start(singlePack, {
      POLICY: policy,
      POLICY_OPTIONS: JSON.stringify(options),
    });
  });
  beforeEach(() => server?.configure());
  after(() => server?.stop());
  return () => {
    assert.ok(server);
    return server;
  };
}

/** One violation, whose message holds all of the texts. */
export function assertRefused(violations: readonly Violation[], policy: string, ...texts: string[]): void {
  assert.deepEqual(
    violations.map((violation) => violation.policy),
    [policy],
  );
  for (const text of texts)
    assert.ok(violations[0]?.message.includes(text), `${violations[0]?.message} lacks ${text}`);
}
