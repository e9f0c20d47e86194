import type { PropertyMap } from "../../engine/properties";
import type { ShownResource } from "../../support/policyServer";

const dynamic = "pulumi-nodejs:dynamic/datadog";

function shown(type: string, name: string, props: PropertyMap): ShownResource {
  return { type, name, urn: `urn:pulumi:dev::project::${type}::${name}`, props };
}

export interface RuleProps extends PropertyMap {
  name: string;
  query: string;
  assignee: string;
}

/** A FindingsAssignment as the engine shows it; `props` replace what is good about it. */
export function assignment(name: string, props: PropertyMap = {}): ShownResource {
  return shown(`${dynamic}:FindingsAssignment`, name, {
    findingIds: ["f1", "f2"],
    assignee: "payments-lead@example.com",
    ...props,
  });
}

/** A rule of an ownership; `props` replace what is good about it. */
export function rule(name: string, props: PropertyMap = {}): PropertyMap {
  return {
    name,
    query: `team:${name}`,
    assignee: `${name}@example.com`,
    note: `what ${name} runs is theirs`,
    ...props,
  };
}

/** A FindingsOwnership with these rules. */
export function ownership(name: string, rules: PropertyMap[], props: PropertyMap = {}): ShownResource {
  return shown(`${dynamic}:FindingsOwnership`, name, { rules, scope: "@status:open", ...props });
}

export const fallbackRule = rule("rest", { query: "*" });
