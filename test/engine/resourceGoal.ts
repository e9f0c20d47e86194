import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { ResourceState } from "./checkpoint";
import { readMessage } from "./messageFields";
import { containsForeignValue, fromStruct, isMap, type PropertyMap } from "./properties";

/** The package of this repository's plugin. */
export const PLUGIN_PACKAGE = "datadog-findings";

/** The type of the stack itself, the only one of Pulumi's own that this engine knows. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The program uses what this engine does not do. */
export const refusal = (feature: string): Error =>
  new Error(
    `The embedded engine of the tests does not do ${feature}. Run this program with the pulumi CLI instead.`,
  );

/** Fields of a registration that this engine does not do, with the name that a program knows them by. */
const refusedFields: Readonly<Record<string, string>> = {
  remote: "components of another language (remote)",
  providers: "several providers of one resource",
  version: "provider versions",
  pluginDownloadUrl: "provider versions",
  packageRef: "packages of other providers",
  importId: "import",
  transforms: "transforms",
  hooks: "resource hooks",
  deleteBeforeReplace: "deleteBeforeReplace",
  replaceOnChanges: "replaceOnChanges",
  replaceWith: "replaceWith",
  replacementTrigger: "replacementTrigger",
  hideDiffs: "hideDiffs",
  envVarMappings: "envVarMappings",
  additionalSecretOutputs: "additionalSecretOutputs",
  customTimeouts: "customTimeouts",
};

/** Those whose providers this engine starts: the SDK's dynamic one, and the plugin of this repository. */
const packages: ReadonlySet<string> = new Set(["pulumi-nodejs", PLUGIN_PACKAGE]);
const EXPLICIT_PROVIDER = `pulumi:providers:${PLUGIN_PACKAGE}`;

export const packageOf = (type: string): string => type.split(":")[0] ?? "";

/** The type that a resource had before; undefined for an alias that says something else. */
function aliasedType(alias: Alias, parent: string): string | undefined {
  const spec = alias.getSpec();
  // the SDK names the parent, too, which is the resource's own
  const moved = spec !== undefined && ![parent, ""].includes(spec.getParenturn());
  const other = [spec?.getName(), spec?.getStack(), spec?.getProject(), moved];
  return spec && !other.some(Boolean) && !spec.getNoparent() ? spec.getType() || undefined : undefined;
}

/** In gRPC what is not said is empty, and so is a message of which nothing is said. */
const isSaid = (value: unknown): boolean =>
  value instanceof Object ? Object.values(value).some(isSaid) : Boolean(value);

function refusedOption(request: RegisterResourceRequest, inputs: PropertyMap): string | undefined {
  const isKnown = packages.has(packageOf(request.getType())) || request.getType() === EXPLICIT_PROVIDER;
  if (request.getCustom() && !isKnown) return `other providers (${request.getType()})`;
  if (request.getAliasesList().some((alias) => !aliasedType(alias, request.getParent())))
    return "aliases other than of a type";
  if (request.getIgnorechangesList().some((path) => /[[*]/.test(path)))
    return "ignoreChanges of list elements";
  if (containsForeignValue(inputs)) return "assets and resource references";
  const fields = Object.entries(readMessage(request, Object.keys(refusedFields)));
  const used = fields.find(([, value]) => isSaid(value));
  return used && refusedFields[used[0]];
}

/**
 * What the program wants a resource to be, as far as the program knows it; whatever this engine does not do
 * is refused by name.
 */
export function readGoal(request: RegisterResourceRequest, stack: string, project: string): ResourceState {
  const inputs = fromStruct(request.getObject());
  const refused = refusedOption(request, inputs);
  if (refused) throw refusal(`${refused}, asked for by "${request.getName()}",`);
  const [type, parent] = [request.getType(), request.getParent()];
  // a child of a component carries the component's type in its URN; a child of the stack does not
  const parentType = parent.split("::")[2] ?? STACK_TYPE;
  const propertyDependencies = request.getPropertydependenciesMap();
  const urnOf = (ofType: string) => {
    const qualified = parentType === STACK_TYPE ? ofType : `${parentType}$${ofType}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${request.getName()}`;
  };
  return {
    urn: urnOf(type),
    aliases: [
      ...request.getAliasurnsList(),
      ...request
        .getAliasesList()
        .flatMap((alias) => aliasedType(alias, request.getParent()) ?? [])
        .map(urnOf),
    ],
    custom: request.getCustom(),
    type,
    inputs,
    parent: parent || undefined,
    ...(request.getProvider() && { provider: request.getProvider() }),
    protect: request.getProtect(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      propertyDependencies
        .getEntryList()
        .map(([key]) => [key, propertyDependencies.get(key)?.getUrnsList() ?? []]),
    ),
    retainOnDelete: request.getRetainondelete(),
    ...(request.getDeletedwith() && { deletedWith: request.getDeletedwith() }),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

/** The new properties, with the old value (or absence) of each ignored path. */
export const ignoreChanges = (news: PropertyMap, olds: PropertyMap, paths: readonly string[]): PropertyMap =>
  paths.reduce((map, path) => resetPath(map, olds, path.split(".")), news);

function resetPath(news: PropertyMap, olds: PropertyMap, path: readonly string[]): PropertyMap {
  const [key = "", ...rest] = path;
  const [before, after] = [olds[key], news[key]];
  if (rest.length > 0 && isMap(before) && isMap(after))
    return { ...news, [key]: resetPath(after, before, rest) };
  const { [key]: _, ...others } = news;
  return before === undefined ? others : { ...others, [key]: before };
}
