import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Readonly<Record<string, unknown>>;

/** The key that marks an object as one of Pulumi's special values, and the mark of a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Stands for a value that a preview does not know. Source: pulumi/pulumi,
 * sdk/go/common/resource/plugin/rpc.go.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties with their secrets laid open. */
export interface OpenedProperties {
  readonly values: Properties;
  /** Names of the properties that are secret, or hold a secret somewhere. */
  readonly secretNames: ReadonlySet<string>;
  /** Every text inside a secret. */
  readonly secretTexts: readonly string[];
}

export function openProperties(struct: Struct | undefined): OpenedProperties {
  const secretNames = new Set<string>();
  const secretTexts: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(struct?.toJavaScript() ?? {})) {
    values[name] = open(value, (hidden) => {
      secretNames.add(name);
      secretTexts.push(...textsIn(hidden));
    });
  }
  return { values, secretNames, secretTexts };
}

function open(value: unknown, onSecret: (value: unknown) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => open(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  if (Reflect.get(value, SIGNATURE) === SECRET) {
    const hidden = open(Reflect.get(value, "value"), onSecret);
    onSecret(hidden);
    return hidden;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, open(item, onSecret)]));
}

/** Every text in a value; keys are no secrets. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** The properties with those of these names marked as secrets. */
export function sealProperties(properties: Properties, names: ReadonlySet<string>): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, names.has(name) ? seal(value) : value]),
  );
}

/** An unknown value is marked by the engine when it comes to be known. */
function seal(value: unknown): unknown {
  const isSealed = typeof value === "object" && value !== null && Reflect.get(value, SIGNATURE) === SECRET;
  return isSealed || value === UNKNOWN ? value : { [SIGNATURE]: SECRET, value };
}

/** A Struct holds JSON, and no undefined. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}
