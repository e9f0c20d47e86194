import { FindingsOwnership } from "pulumi-datadog-findings";

const security = FindingsOwnership.fromFile("security", "ownership.yaml");

// What the last update of these rules assigned, not how many findings their owners have: "report" counts those.
export const lastUpdateAssigned = security.total;
// Findings in scope that no rule takes and nobody owns.
export const unowned = security.unowned;
