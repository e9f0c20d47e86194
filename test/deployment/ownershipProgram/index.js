"use strict";
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { FindingsOwnership, getFindings, getFindingsOutput, getUser } = require("pulumi-datadog-findings");

const {
  name = "security",
  explain,
  email,
  query,
  limit,
  ...args
} = JSON.parse(fs.readFileSync(new pulumi.Config().require("spec"), "utf8"));
module.exports = async () => {
  const security = new FindingsOwnership(name, args);
  return {
    total: security.total,
    results: security.results,
    ...(explain && { explanation: security.explain(explain) }),
    ...(email && { user: await getUser({ email }) }),
    ...(query && { found: (await getFindings({ query, limit })).length }),
    ...(query && {
      again: getFindingsOutput({ query: pulumi.output(query) }).apply((found) => found.length),
    }),
  };
};
