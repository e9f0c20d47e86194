/**
 * The program that each resource carries in its input `__provider`, and each state with it: the SDK's dynamic
 * provider runs it and calls its `handler` for the object with check, diff, create, read, update and delete.
 *
 * `pulumi.dynamic.Resource` prints such a program from a JavaScript object, by way of V8's debugger and the
 * TypeScript compiler, at each start of each program; and what it prints depends on the SDK's version. This
 * one is written down instead, so the resource classes extend `pulumi.CustomResource`, as
 * `pulumi.dynamic.Resource` itself does:
 * - `isInstance` works as before; `instanceof pulumi.dynamic.Resource` is false now.
 * - A program with `runtime: bun` declares these resources, where the SDK refuses to print objects (seen on
 *   Bun 1.4.5); the provider itself is always started by `node`, which must be on PATH.
 * - Nothing else differs. The SDK adds no configuration to the text, as that comes with Configure; and it
 *   marks the text as a secret only where the object captures one.
 *
 * A change of the text is harmless: `diff` decides what has changed, and does not look at it. States of
 * earlier texts keep the exports of `provider.ts` that they call: see
 * test/deployment/serializedProvider.test.ts.
 */
function serialized(provider: "assignment" | "ownership"): string {
  return `exports.handler = () => {
  const name = "pulumi-datadog-findings";
  try {
    require.resolve(name + "/provider");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    const { existsSync } = require("node:fs");
    const { dirname, join } = require("node:path");
    let folder = process.cwd();
    while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
    const problem = new Error(
      name + " cannot be loaded from " + process.cwd() + ", the folder of the Pulumi program: add " + name +
        " to the dependencies in " + join(folder, "package.json") + ", and install. " +
        "That a shared library depends on it is not enough where packages are isolated, as pnpm does it."
    );
    throw Object.assign(problem, { stack: "cannot be loaded", toString: () => name });
  }
  return require(name + "/provider").${provider};
};
`;
}

/** Of FindingsAssignment. */
export const serializedAssignmentProvider = serialized("assignment");

/** Of FindingsOwnership. */
export const serializedOwnershipProvider = serialized("ownership");
