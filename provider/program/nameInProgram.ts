import type * as pulumi from "@pulumi/pulumi";

const STACK = "pulumi:pulumi:Stack";

/**
 * `alpha/payments` of a resource in the component alpha, for messages: the resources of two components may
 * have the same name.
 */
export function nameInProgram(name: string, parent: pulumi.Resource | undefined): string {
  const names = [name];
  for (let each: unknown = parent; isNamed(each); each = each.__parentResource) {
    if (each.__pulumiType !== STACK) names.unshift(each.__name);
  }
  return names.join("/");
}

/** What the SDK keeps of a resource, without declaring it. */
interface Named {
  readonly __name: string;
  readonly __pulumiType?: unknown;
  readonly __parentResource?: unknown;
}

function isNamed(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "__name" in value && typeof value.__name === "string";
}
