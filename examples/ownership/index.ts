import { FindingsOwnership } from "pulumi-datadog-findings";

const security = FindingsOwnership.fromFile("security", "ownership.yaml");

export const assigned = security.total;
export const unowned = security.unowned;
