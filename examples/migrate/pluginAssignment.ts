import * as pulumi from "@pulumi/pulumi";
import type { FindingsAssignmentArgs } from "pulumi-datadog-findings";

/**
 * The plugin's FindingsAssignment, as the SDK that `pulumi package add` generates has it. The alias, which generated SDKs take from the
 * schema, goes on with the state of the dynamic provider's resource: nothing is created, deleted or sent.
 */
export class PluginAssignment extends pulumi.CustomResource {
  declare readonly assigneeId: pulumi.Output<string>;

  constructor(name: string, args: FindingsAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    const aliases = [{ type: "pulumi-nodejs:dynamic/datadog:FindingsAssignment" }];
    const inputs = { ...args, assigneeId: undefined, failures: undefined, warnings: undefined };
    super("datadog-findings:index:FindingsAssignment", name, inputs, pulumi.mergeOptions(opts, { aliases }));
  }
}
