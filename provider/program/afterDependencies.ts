import * as pulumi from "@pulumi/pulumi";

/**
 * The arguments of a function, known once the resources that it depends on have been deployed. As with the
 * functions of other SDKs, the result is unknown in a preview that is to create one of these resources. Of a
 * component, its own registration counts, not its children.
 */
export function afterDependencies<T>(
  args: pulumi.Output<T>,
  { dependsOn }: pulumi.InvokeOutputOptions = {},
): pulumi.Output<T> {
  if (dependsOn === undefined) return args;
  return pulumi
    .output(dependsOn)
    .apply((one) => pulumi.all([one].flat().map((each) => (isCustom(each) ? each.id : each.urn))))
    .apply(() => args);
}

const isCustom = (resource: pulumi.Resource): resource is pulumi.CustomResource =>
  pulumi.CustomResource.isInstance(resource);
