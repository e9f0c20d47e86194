import type * as pulumi from "@pulumi/pulumi";

/*
 * What the state carries for each resource: it loads this package where it runs, and captures nothing. These texts must never
 * change, or every resource in every state would show a difference; all that may change is behind `provider.ts`.
 */

/** Of FindingsAssignment. */
export const serializedProvider: pulumi.dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-datadog-findings/provider").assignment.configure(request),
  check: (olds, news) => require("pulumi-datadog-findings/provider").assignment.check(olds, news),
  diff: (id, olds, news) => require("pulumi-datadog-findings/provider").assignment.diff(id, olds, news),
  create: (inputs) => require("pulumi-datadog-findings/provider").assignment.create(inputs),
  read: (id, props) => require("pulumi-datadog-findings/provider").assignment.read(id, props),
  update: (id, olds, news) => require("pulumi-datadog-findings/provider").assignment.update(id, olds, news),
  delete: (id, props) => require("pulumi-datadog-findings/provider").assignment.delete(id, props),
};

/** Of FindingsOwnership. */
export const serializedOwnershipProvider: pulumi.dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-datadog-findings/provider").ownership.configure(request),
  check: (olds, news) => require("pulumi-datadog-findings/provider").ownership.check(olds, news),
  diff: (id, olds, news) => require("pulumi-datadog-findings/provider").ownership.diff(id, olds, news),
  create: (inputs) => require("pulumi-datadog-findings/provider").ownership.create(inputs),
  read: (id, props) => require("pulumi-datadog-findings/provider").ownership.read(id, props),
  update: (id, olds, news) => require("pulumi-datadog-findings/provider").ownership.update(id, olds, news),
  delete: (id, props) => require("pulumi-datadog-findings/provider").ownership.delete(id, props),
};
