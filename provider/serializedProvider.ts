import type * as pulumi from "@pulumi/pulumi";

/**
 * What the state carries for each resource: it loads this package where it runs, and captures nothing. Its text must never
 * change, or every resource in every state would show a difference; all that may change is behind `provider.ts`.
 */
export const serializedProvider: pulumi.dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-datadog-findings/provider").assignment.configure(request),
  check: (olds, news) => require("pulumi-datadog-findings/provider").assignment.check(olds, news),
  diff: (id, olds, news) => require("pulumi-datadog-findings/provider").assignment.diff(id, olds, news),
  create: (inputs) => require("pulumi-datadog-findings/provider").assignment.create(inputs),
  read: (id, props) => require("pulumi-datadog-findings/provider").assignment.read(id, props),
  update: (id, olds, news) => require("pulumi-datadog-findings/provider").assignment.update(id, olds, news),
  delete: (id, props) => require("pulumi-datadog-findings/provider").assignment.delete(id, props),
};
