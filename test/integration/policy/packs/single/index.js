// JavaScript, because the bootstrap of a pack type-checks TypeScript at every start
const { PolicyPack } = require("@pulumi/policy");
const policies = require("pulumi-datadog-findings/policy");

const { POLICY = "", POLICY_OPTIONS = "{}" } = process.env;
const policy = policies[POLICY];
if (!policy) throw new Error(`POLICY must be one of ${Object.keys(policies).join(", ")}`);
new PolicyPack("single", { enforcementLevel: "mandatory", policies: [policy(JSON.parse(POLICY_OPTIONS))] });
