import { join } from "node:path";
import { groupBy } from "../../provider/core/groupBy";
import { keys, openTestbed, type Testbed, type TestbedOptions } from "../deployment/testbed";
import { wallClock } from "../emulator/wallClock";
import { type DeploymentResult, type EngineChoice, embeddedEngine } from "../engine";
import type { ResourceState } from "../engine/checkpoint";
import { pluginOnPath } from "./pluginOnPath";

export type Front = "dynamic" | "plugin";

export type Resources = Record<string, Record<string, unknown>>;

/** A stack whose program can declare its resources of either provider. */
export interface FrontBed extends Testbed {
  /** Deploys the resources, whatever becomes of it. */
  deploy(front: Front, resources: Resources): Promise<DeploymentResult>;
  previewOf(front: Front, resources: Resources): Promise<DeploymentResult>;
  /** Lets the clock of Datadog go on. */
  pass(ms: number): void;
  /** Requests since the last call of this: what would be seen at Datadog. */
  takeRequests(): string[];
  /** The stack's resources of our types. */
  stored(): Promise<ResourceState[]>;
}

export async function openFrontBed(
  options: TestbedOptions = {},
  choice: EngineChoice = embeddedEngine,
): Promise<FrontBed> {
  const plugin = pluginOnPath();
  const pluginKeys = Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key.replace("datadog:", "datadog-findings:"), value]),
  );
  let passed = 0;
  const clock = { ...wallClock, now: () => wallClock.now() + passed };
  const bed = await openTestbed(choice, {
    clock,
    projectDir: join(__dirname, "program"),
    config: { ...keys, ...pluginKeys },
    ...options,
    env: { PATH: plugin.PATH, ...options.env },
  });
  await bed.engine.setConfig("datadog-findings:apiUrl", { value: bed.url });
  const { emulator, engine } = bed;
  return {
    ...bed,
    deploy: (front, resources) => bed.tryUp({ front: { name: front }, resources }),
    previewOf: (front, resources) => bed.preview({ front: { name: front }, resources }),
    takeRequests() {
      const { requests } = emulator;
      const asked = requests.all.flatMap(({ method, path: route, findingIds, query = "" }) =>
        findingIds ? [] : [[method, route.split("?")[0], inOneOrder(query)].join(" ").trim()],
      );
      // which resources share a request is chance, and what is sent for an owner is not
      const sent = groupBy(requests.filter("assignee"), ({ assigneeId }) => assigneeId ?? "nobody");
      const given = [...sent].map(([owner, batches]) => {
        const ids = batches.flatMap(({ findingIds = [] }) => findingIds);
        return `PATCH ${owner} ${ids.sort().join()}`;
      });
      requests.reset();
      return [...asked, ...given].sort();
    },
    pass(ms) {
      passed += ms;
    },
    async stored() {
      const { resources = [] } = (await engine.exportState()).deployment;
      return resources.filter(({ type }) => /:Findings(Assignment|Ownership)$/.test(type));
    },
    async close() {
      await bed.close();
      plugin.remove();
    },
  };
}

/** Resources ask together, and which comes first is chance. */
function inOneOrder(query: string): string {
  return query.replace(/\(([^()]*)\)/g, (_, items: string) => `(${items.split(" OR ").sort().join(" OR ")})`);
}
