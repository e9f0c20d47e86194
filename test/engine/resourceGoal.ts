import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { readMessage } from "./messageFields";
import { containsForeignValue, fromStruct, isMap, type PropertyMap } from "./properties";
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

/** Fields of a registration that this engine does not do, with the name that a program knows them by. */
const refusedFields: Readonly<Record<string, string>> = {
  remote: "components of another language (remote)",
  provider: "explicit providers",
  providers: "explicit providers",
  version: "provider versions",
  pluginDownloadUrl: "provider versions",
  packageRef: "packages of other providers",
  importId: "import",
  aliases: "aliases",
  aliasUrns: "aliases",
  transforms: "transforms",
  hooks: "resource hooks",
  replaceOnChanges: "replaceOnChanges",
  replaceWith: "replaceWith",
  replacementTrigger: "replacementTrigger",
  deletedWith: "deletedWith",
  hideDiffs: "hideDiffs",
  envVarMappings: "envVarMappings",
  additionalSecretOutputs: "additionalSecretOutputs",
  customTimeouts: "customTimeouts",
};

/** In gRPC what is not said is empty, and so is a message of which nothing is said. */
const isSaid = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : typeof value === "object" && value !== null
      ? Object.values(value).some(isSaid)
      : Boolean(value);

function refusedOption(request: RegisterResourceRequest): string | undefined {
  if (request.getCustom() && !request.getType().startsWith(DYNAMIC_TYPE))
    return `other providers (${request.getType()})`;
  if (request.getIgnorechangesList().some((path) => /[[*]/.test(path)))
    return "ignoreChanges of list elements";
  const fields = Object.entries(readMessage(request, Object.keys(refusedFields)));
  const used = fields.find(([, value]) => isSaid(value));
  return used && refusedFields[used[0]];
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
  if (rest.length > 0 && isMap(before) && isMap(after))
    return { ...news, [key]: resetPath(after, before, rest) };
  const { [key]: _, ...others } = news;
  return before === undefined ? others : { ...others, [key]: before };
}
