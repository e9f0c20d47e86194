import type { DeploymentResult } from "../engine";
import type { PolicyServer, ShownResource, Violation } from "./policyServer";

/**
 * As the engine does it in a preview: each resource alone, then the stack. What is to be created has its
 * inputs as outputs.
 */
export async function judge(server: PolicyServer, resources: readonly ShownResource[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const resource of resources) {
    const ofResource = await server.analyze(resource);
    violations.push(...ofResource.map((violation) => ({ ...violation, urn: resource.urn })));
  }
  return [...violations, ...(await server.analyzeStack(resources))];
}

/** Our resources in a result of the embedded engine, as an engine shows them to policies. */
export function findingsResources({ registered = [] }: DeploymentResult): ShownResource[] {
  return registered
    .filter(({ urn }) => urn.includes("datadog:Findings"))
    .map(({ urn, outputs }) => {
      // it ends with the types from the outermost parent on, and the name: `...::parent$type::name`
      const [types = "", name = ""] = urn.split("::").slice(-2);
      return { type: types.split("$").at(-1) ?? "", name, urn, props: outputs };
    });
}
