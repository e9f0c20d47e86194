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

/** `{front: {name}, providers?: {name: args}, resources: {name: {type?, provider?, secretAssignee?, ...args}}}` */
const spec = JSON.parse(fs.readFileSync(new pulumi.Config().require("spec"), "utf8"));
const providers = Object.fromEntries(
  Object.entries(spec.providers ?? {}).map(([name, args]) => [
    name,
    new pulumi.ProviderResource("datadog-findings", name, args),
  ]),
);
for (const [name, declared] of Object.entries(spec.resources)) {
  const { type = "FindingsAssignment", provider, secretAssignee, ...args } = declared;
  if (secretAssignee) args.assignee = pulumi.secret(secretAssignee);
  new fronts[spec.front.name][type](name, args, { provider: providers[provider] });
}
