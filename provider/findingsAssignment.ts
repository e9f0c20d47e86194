import * as pulumi from "@pulumi/pulumi";
const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-datadog-findings/provider").check(olds, news),
  diff: (id, olds, news) => require("pulumi-datadog-findings/provider").diff(id, olds, news),
  create: (inputs) => require("pulumi-datadog-findings/provider").create(inputs),
  read: (id, props) => require("pulumi-datadog-findings/provider").read(id, props),
  update: (id, olds, news) => require("pulumi-datadog-findings/provider").update(id, olds, news),
  delete: (id, props) => require("pulumi-datadog-findings/provider").delete(id, props),
  configure: (request) => require("pulumi-datadog-findings/provider").configure(request),
};
export class FindingsAssignment extends pulumi.dynamic.Resource {
  constructor(name: string, props: any, opts?: pulumi.CustomResourceOptions) { super(provider, name, props, opts, "datadog", "FindingsAssignment"); }
}
