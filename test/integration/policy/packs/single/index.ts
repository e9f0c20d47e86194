import { PolicyPack } from "@pulumi/policy";
import * as findings from "pulumi-datadog-findings/policy";

const { POLICY = "", POLICY_OPTIONS = "{}" } = process.env;
const options: object = JSON.parse(POLICY_OPTIONS);

const policies = {
  allowedOwners: () => findings.allowedOwners(options),
  maxAssignmentSize: () => findings.maxAssignmentSize(options),
  noDuplicateFindings: () => findings.noDuplicateFindings(options),
  noOverwriteOnProtected: () => findings.noOverwriteOnProtected(options),
  requireFallbackRule: () => findings.requireFallbackRule(options),
  requireRuleNameAndNote: () => findings.requireRuleNameAndNote(options),
};

const chosen = Object.entries(policies).find(([name]) => name === POLICY)?.[1];
if (!chosen) throw new Error(`POLICY must be one of ${Object.keys(policies).join(", ")}`);
new PolicyPack("single", { enforcementLevel: "mandatory", policies: [chosen()] });
