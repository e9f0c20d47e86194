/**
 * The type tokens of the resources. `pulumi-nodejs:dynamic` is the package for which the engine starts the
 * SDK's dynamic provider; the rest is what `pulumi.dynamic.Resource` makes of a module and a type.
 */
export const assignmentType = "pulumi-nodejs:dynamic/datadog:FindingsAssignment";
export const ownershipType = "pulumi-nodejs:dynamic/datadog:FindingsOwnership";

/** The same resources where the provider plugin has them. */
export const pluginAssignmentType = "datadog-findings:index:FindingsAssignment";
export const pluginOwnershipType = "datadog-findings:index:FindingsOwnership";

/** Whether a value is a resource of this type, whatever copies of the package and of the SDK there are. */
export function hasType(value: unknown, type: string): boolean {
  return (
    typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === type
  );
}
