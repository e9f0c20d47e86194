import assert from "node:assert/strict";
import {
  assignmentType,
  ownershipType,
  pluginAssignmentType,
  pluginOwnershipType,
} from "../../../provider/engine/resourceTypes";
import { declaredAssignment, declaredOwnership, rulesOf } from "../../../provider/policy/declared";

describe("declared resources", () => {
  it("knows the resources of both providers", () => {
    const findings = { findingIds: ["f1"], assignee: "a@example.com" };
    assert.deepEqual(
      declaredAssignment({ type: pluginAssignmentType, props: findings }),
      declaredAssignment({ type: assignmentType, props: findings }),
    );
    const rules = { rules: [{ name: "all", query: "*", assignee: "a@example.com" }] };
    const ownership = declaredOwnership({ type: pluginOwnershipType, props: rules });
    assert.ok(ownership);
    assert.deepEqual(ownership, declaredOwnership({ type: ownershipType, props: rules }));
  });

  it("are known by their type", () => {
    assert.equal(declaredAssignment({ type: ownershipType, props: {} }), undefined);
    assert.equal(declaredOwnership({ type: assignmentType, props: {} }), undefined);
    assert.equal(declaredOwnership({ type: "aws:s3/bucket:Bucket", props: {} }), undefined);
  });

  it("are read as far as they can be, since a policy also sees what the resource's check refuses", () => {
    const assignment = declaredAssignment({ type: assignmentType, props: { findingIds: "f1", assignee: 7 } });
    assert.equal(assignment?.findingIds, undefined);
    assert.equal(assignment?.assignee, undefined);
    const rules = [{ name: "a", query: 1, overwrite: "yes" }, "no rule", { name: "c" }];
    const ownership = declaredOwnership({ type: ownershipType, props: { rules } });
    assert.ok(ownership);
    assert.deepEqual(
      rulesOf(ownership).map(({ place, rule }) => [place, rule.name, rule.query, rule.overwrite]),
      [
        [1, "a", undefined, undefined],
        [3, "c", undefined, undefined],
      ],
    );
  });

  it("have the rules that are in force, each with the query that its types and its own query make", () => {
    const rules = [
      { name: "off", query: "*", enabled: false },
      { name: "over", query: "*", until: "2026-11-25" },
      { name: "typed", findingTypes: ["secret"], until: "2026-11-26" },
      { name: "both", findingTypes: ["secret"], query: "team:a" },
      { name: "wrong", findingTypes: ["secret"], query: "team:(" },
    ];
    const ownership = declaredOwnership({ type: ownershipType, props: { rules } }, "2026-11-26");
    assert.ok(ownership);
    assert.deepEqual(
      rulesOf(ownership).map(({ rule }) => [rule.name, rule.query]),
      [
        ["typed", "@finding_type:secret"],
        ["both", "@finding_type:secret team:a"],
        ["wrong", "team:("],
      ],
    );
  });
});
