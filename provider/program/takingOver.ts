import * as pulumi from "@pulumi/pulumi";

/**
 * The options of a resource that goes on with the state of the same one of the provider plugin's: without it
 * the engine would create the one and delete the other, in two processes that know nothing of each other, and
 * every finding would end up unassigned.
 */
export function takingOver(
  type: string,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(opts, { aliases: [{ type }] });
}
