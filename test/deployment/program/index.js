"use strict";
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { FindingsAssignment } = require("pulumi-datadog-findings");

/**
 * `{name: {findingIds, assignee, ..., secretAssignee?, idsFrom?, after?, deletedWith?, opts?}}`, `after` the names
 * that it depends on
 */
const config = new pulumi.Config();
const spec = JSON.parse(fs.readFileSync(config.require("spec"), "utf8"));
const resources = {};
for (const [name, { opts, after = [], deletedWith, secretAssignee, idsFrom, ...args }] of Object.entries(
  spec,
)) {
  if (secretAssignee) args.assignee = pulumi.secret(secretAssignee);
  // In a preview the id of a new resource is unknown, and so is what is made of it.
  if (idsFrom) args.findingIds = resources[idsFrom].id.apply(() => spec[idsFrom].findingIds);
  resources[name] = new FindingsAssignment(name, args, {
    ...opts,
    dependsOn: after.map((other) => resources[other]),
    ...(deletedWith && { deletedWith: resources[deletedWith] }),
  });
}
const outputs = (key) =>
  pulumi.all(Object.fromEntries(Object.entries(resources).map(([name, resource]) => [name, resource[key]])));
exports.failures = outputs("failures");
exports.assigneeIds = outputs("assigneeId");

/** Where a test wants it, the program ends, or says so and stays, when everything is made and nothing deleted yet. */
const breakOff = config.get("breakOff");
if (breakOff)
  exports.assigneeIds.apply(() => {
    if (breakOff === "exit") process.exit(1);
    console.log("declared");
    return new Promise((end) => {
      const gate = fs.watch(breakOff, () => end(gate.close()));
    });
  });
