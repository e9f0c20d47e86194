"use strict";
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const dynamic = require("pulumi-datadog-findings");

/** Of a plugin's resource a generated SDK gives the engine just type, inputs and names of outputs, and the aliases of its schema. */
function pluginResource(type, outputs) {
  const absent = Object.fromEntries(outputs.map((name) => [name, undefined]));
  const aliases = [{ type: `pulumi-nodejs:dynamic/datadog:${type}` }];
  return class extends pulumi.CustomResource {
    constructor(name, args, opts) {
      const merged = pulumi.mergeOptions(opts, { aliases });
      super(`datadog-findings:index:${type}`, name, { ...absent, ...args }, merged);
    }
  };
}

const fronts = {
  dynamic,
  plugin: {
    FindingsAssignment: pluginResource("FindingsAssignment", ["assigneeId", "failures", "warnings"]),
    FindingsOwnership: pluginResource("FindingsOwnership", ["results", "total", "unowned", "failures"]),
  },
};

/** `{front: {name}, resources: {name: {type?, secretAssignee?, ...args}}}` */
const { front, resources } = JSON.parse(fs.readFileSync(new pulumi.Config().require("spec"), "utf8"));
for (const [name, { type = "FindingsAssignment", secretAssignee, ...args }] of Object.entries(resources)) {
  if (secretAssignee) args.assignee = pulumi.secret(secretAssignee);
  new fronts[front.name][type](name, args);
}
