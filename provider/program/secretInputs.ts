import * as pulumi from "@pulumi/pulumi";

/** Lists whose order means nothing: they are secret as a whole, as their elements move. */
const SETS: ReadonlySet<string> = new Set(["findingIds", "exclude"]);

/** An input with more secret parts counts as secret as a whole: the list stands in the state. */
const MOST_PATHS = 20;

/**
 * Which arguments are secret, or which parts of them: `assignee`, `rules[2].query`. Only the program knows:
 * the SDK's dynamic provider takes no secrets, so the engine gives it plain values.
 */
export async function secretInputs(args: object): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(args).map(async ([name, value]) => {
      const paths = await secretPaths(value, name);
      return paths.length > MOST_PATHS || (SETS.has(name) && paths.length > 0) ? [name] : paths;
    }),
  );
  return found.flat();
}

async function secretPaths(value: unknown, path: string): Promise<string[]> {
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return [];
  if (pulumi.Output.isInstance(value)) return (await holdsSecret(value)) ? [path] : [];
  if (value instanceof Promise) return secretPaths(await value.catch(() => undefined), path);
  const parts = Array.isArray(value)
    ? value.map((item, index) => secretPaths(item, `${path}[${index}]`))
    : Object.entries(value).map(([key, item]) => secretPaths(item, `${path}.${key}`));
  return (await Promise.all(parts)).flat();
}

/** Unknown values count by what is known of them. A failed one fails the resource, and needs no answer. */
async function holdsSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  const inner = output.apply((value) => (holdsOutput(value) ? pulumi.output(value) : undefined));
  return pulumi.isSecret(inner).catch(() => false);
}

/** Spares the SDK's walk through long lists of plain ids, which makes an output of each. */
function holdsOutput(value: unknown): boolean {
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return false;
  return (
    pulumi.Output.isInstance(value) || value instanceof Promise || Object.values(value).some(holdsOutput)
  );
}
