import assert from "node:assert/strict";
import { secret, UNKNOWN } from "../../engine/properties";
import type { DeploymentResult } from "./deployment";
import { renderResult } from "./renderResult";

describe("a result as a person reads it", () => {
  it("shows lists by what was added and removed, and never a secret, nor the mark of an unknown value", () => {
    const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `f${from + i}`);
    const before = { ids: ids(0, 300), key: secret("old"), __provider: "x" };
    const after = { ids: [...ids(5, 310)].reverse(), key: secret("new"), __provider: "y" };
    const step = { urn: "u", type: "t", name: "n", kind: "update", before, after, failed: false } as const;
    const result: Omit<DeploymentResult, "stdout"> = {
      command: "preview",
      exitCode: 0,
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
    const same = { ...step, kind: "same" } as const;
    const unchanged = renderResult({ ...result, changes: { same: 1 }, steps: [same] }, "dev");
    assert.match(unchanged, /^Previewing update \(dev\):\n\n {2}no changes\n\nResources:/);
    const failed = renderResult({ ...result, exitCode: 1, steps: [], changes: {} }, "dev");
    assert.match(failed, /^Previewing update \(dev\):\n\nDuration:/);
  });
});
