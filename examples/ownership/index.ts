import { FindingsOwnership } from "pulumi-datadog-findings";

const security = FindingsOwnership.fromFile("ownership.yaml", { name: "security" });

export const assigned = security.total;
export const unowned = security.unowned;
