"use strict";
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { FindingsAssignment, FindingsOwnership } = require("pulumi-datadog-findings");

/** `{name: {...args, secrets: ["assignee", "rules[0].query", ...]}}`: what is at these places becomes secret. */
const spec = JSON.parse(fs.readFileSync(new pulumi.Config().require("spec"), "utf8"));
for (const [name, { secrets = [], ...args }] of Object.entries(spec)) {
  for (const path of secrets) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
    const last = keys.pop();
    const holder = keys.reduce((inner, key) => inner[key], args);
    holder[last] = pulumi.secret(holder[last]);
  }
  const resource = "rules" in args ? new FindingsOwnership(name, args) : new FindingsAssignment(name, args);
  exports[name] = "rules" in args ? resource.results : resource.assigneeId;
}
