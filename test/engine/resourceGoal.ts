import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { containsForeignValue, fromStruct, type PropertyMap, type PropertyValue } from "./properties";
import { refusal } from "./runErrors";

/** What the program wants a resource to be. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly properties: PropertyMap;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean | undefined;
}

/** The type of the stack itself, the only one of Pulumi's own that this engine knows. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
const DYNAMIC_TYPE = "pulumi-nodejs:";

function refusedOption(request: RegisterResourceRequest): string | undefined {
  const timeouts = request.getCustomtimeouts();
  const features: readonly (readonly [boolean, string])[] = [
    [request.getRemote(), "components of another language (remote)"],
    [
      request.getCustom() && !request.getType().startsWith(DYNAMIC_TYPE),
      `other providers (${request.getType()})`,
    ],
    [request.getProvider() !== "" || request.getProvidersMap().getLength() > 0, "explicit providers"],
    [request.getVersion() !== "" || request.getPlugindownloadurl() !== "", "provider versions"],
    [request.getPackageref() !== "", "packages of other providers"],
    [request.getImportid() !== "", "import"],
    [request.getAliasesList().length > 0 || request.getAliasurnsList().length > 0, "aliases"],
    [request.getTransformsList().length > 0, "transforms"],
    [Object.values(request.getHooks()?.toObject() ?? {}).some((hooks) => hooks.length > 0), "resource hooks"],
    [request.getReplaceonchangesList().length > 0, "replaceOnChanges"],
    [request.getReplaceWithList().length > 0, "replaceWith"],
    [request.getReplacementTrigger() !== undefined, "replacementTrigger"],
    [request.getDeletedwith() !== "", "deletedWith"],
    [request.getHidediffsList().length > 0, "hideDiffs"],
    [request.getEnvvarmappingsMap().getLength() > 0, "envVarMappings"],
    [request.getAdditionalsecretoutputsList().length > 0, "additionalSecretOutputs"],
    [
      timeouts !== undefined && Object.values(timeouts.toObject()).some((time) => time !== ""),
      "customTimeouts",
    ],
    [request.getIgnorechangesList().some((path) => /[[*]/.test(path)), "ignoreChanges of list elements"],
  ];
  return features.find(([used]) => used)?.[1];
}

/** Reads a registration, and refuses by name whatever this engine does not do. */
export function readGoal(request: RegisterResourceRequest): Goal {
  const properties = fromStruct(request.getObject());
  const refused = refusedOption(request);
  if (refused) throw refusal(`${refused}, asked for by "${request.getName()}",`);
  if (containsForeignValue(properties))
    throw refusal(`assets and resource references, in "${request.getName()}",`);
  const propertyDependencies = request.getPropertydependenciesMap();
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    properties,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      propertyDependencies
        .getEntryList()
        .map(([key]) => [key, propertyDependencies.get(key)?.getUrnsList() ?? []]),
    ),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
  };
}

/** A child of a component carries the component's type in its URN; a child of the stack does not. */
export function urnOf(goal: Goal, stack: string, project: string): string {
  const parentType = goal.parent.split("::")[2] ?? STACK_TYPE;
  const qualified = parentType === STACK_TYPE ? goal.type : `${parentType}$${goal.type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${goal.name}`;
}

/** The new properties, with the old value (or absence) of each ignored path. */
export function ignoreChanges(news: PropertyMap, olds: PropertyMap, paths: readonly string[]): PropertyMap {
  return paths.reduce((map, path) => resetPath(map, olds, path.split(".")), news);
}

function resetPath(
  news: PropertyMap,
  olds: PropertyMap,
  [key = "", ...rest]: readonly string[],
): PropertyMap {
  const [before, after] = [olds[key], news[key]];
  if (rest.length > 0 && isObject(before) && isObject(after))
    return { ...news, [key]: resetPath(after, before, rest) };
  const { [key]: _, ...others } = news;
  return before === undefined ? others : { ...others, [key]: before };
}

const isObject = (value: PropertyValue | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);
