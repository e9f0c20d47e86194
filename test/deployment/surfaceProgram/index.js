"use strict";
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { FindingsAssignment, FindingsOwnership, getFindingsOutput } = require("pulumi-datadog-findings");

const spec = JSON.parse(fs.readFileSync(new pulumi.Config().require("spec"), "utf8"));
const pinned = new FindingsAssignment("pinned", spec.pinned);
const ruled = FindingsOwnership.fromFile("security", spec.file.path, { exclude: pinned.findingIds });

const { findingIds, assignee, onMissing, assigneeId } = pinned;
exports.pinned = { findingIds, assignee, onMissing, assigneeId };
const { rules, scope, exclude, maxChanges, onDelete, releaseRemoved, results } = ruled;
exports.ruled = { rules, scope, exclude, maxChanges, onDelete, releaseRemoved, results };
exports.named = ruled.urn.apply((urn) => urn.split("::").at(-1));
exports.kinds = [FindingsAssignment, FindingsOwnership].flatMap((type) =>
  [pinned, ruled].map((resource) => type.isInstance(resource)),
);
exports.owned = getFindingsOutput(
  { query: pulumi.interpolate`@workflow.triage.assignee.id:${spec.pinned.assignee}` },
  { dependsOn: [pinned] },
).apply((found) => found.length);
