import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "./sdkProtobuf";

/** A value of a resource property, as Pulumi sends it over gRPC and keeps it in a checkpoint. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** The string that stands for a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key that marks an object as one of Pulumi's special values, and the mark of a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export const isMap = (value: PropertyValue | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: PropertyValue | undefined): value is PropertyMap =>
  isMap(value) && value[SIGNATURE] === SECRET;

export const secret = (value: PropertyValue): PropertyMap => ({ [SIGNATURE]: SECRET, value });

const some = (value: PropertyValue, found: (value: PropertyValue) => boolean): boolean =>
  found(value) ||
  (Array.isArray(value)
    ? value.some((element) => some(element, found))
    : isMap(value) && Object.values(value).some((element) => some(element, found)));

/** Whether there is a special value that is no secret: an asset, a resource reference... */
export const containsForeignValue = (value: PropertyValue): boolean =>
  some(value, (v) => isMap(v) && v[SIGNATURE] !== undefined && v[SIGNATURE] !== SECRET);

/** Applies `change` to each secret of a value; what it returns takes the secret's place. */
export function mapSecrets(
  value: PropertyValue,
  change: (secret: PropertyMap) => PropertyValue,
): PropertyValue {
  if (isSecret(value)) return change(value);
  if (Array.isArray(value)) return value.map((element) => mapSecrets(element, change));
  return isMap(value) ? mapMap(value, (element) => mapSecrets(element, change)) : value;
}

export function mapMap(map: PropertyMap, change: (value: PropertyValue) => PropertyValue): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

const plain = (value: PropertyValue): PropertyValue =>
  mapSecrets(value, (wrapped) => plain(wrapped["value"] ?? null));

/** The same properties with every secret laid open: what a provider that knows no secrets receives. */
export const withoutSecrets = (map: PropertyMap = {}): PropertyMap => mapMap(map, plain);

/** Marks as secret what came back in plain from a provider, but went there as a secret. */
export function restoreSecrets(outputs: PropertyMap, inputs: PropertyMap = {}): PropertyMap {
  const restored = { ...outputs };
  for (const [key, input] of Object.entries(inputs)) {
    const output = restored[key];
    if (output === undefined || isSecret(output)) continue;
    if (isMap(output) && isMap(input) && !isSecret(input)) restored[key] = restoreSecrets(output, input);
    else if (some(input, isSecret)) restored[key] = secret(output);
  }
  return restored;
}

export const toStruct = (map: PropertyMap): StructMessage => Struct.fromJavaScript(map);

/** The parsing edge of gRPC: a Struct holds nothing else than JSON. */
export const fromStruct = (struct: StructMessage | undefined): PropertyMap =>
  (struct?.toJavaScript() ?? {}) as PropertyMap;
