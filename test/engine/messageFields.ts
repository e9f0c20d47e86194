import type { Message } from "google-protobuf";
import { z } from "zod";
import { isMap, type PropertyMap, toStruct } from "./properties";

const namesOf = new WeakMap<object, ReadonlyMap<string, string>>();

/** The names of a prototype's methods, by their lower case. */
function methodNames(prototype: object): ReadonlyMap<string, string> {
  const known = namesOf.get(prototype);
  if (known) return known;
  const names = new Map(Object.getOwnPropertyNames(prototype).map((name) => [name.toLowerCase(), name]));
  namesOf.set(prototype, names);
  return names;
}

/** The generated accessors spell the names in their own way (`setAcceptsecrets`): case is ignored. */
function accessor(message: object, name: string): ((...values: unknown[]) => unknown) | undefined {
  const found = methodNames(Object.getPrototypeOf(message)).get(name.toLowerCase());
  const method: unknown = found && Reflect.get(message, found);
  return typeof method === "function" ? (...values) => Reflect.apply(method, message, values) : undefined;
}

/** Sets the fields of a message from an object, so that the log of calls shows what was really sent. */
export function fillMessage<M extends Message>(message: M, fields: PropertyMap): M {
  for (const [name, value] of Object.entries(fields)) {
    const set = accessor(message, `set${name}${Array.isArray(value) ? "list" : ""}`);
    const map = accessor(message, `get${name}map`)?.();
    if (set) set(isMap(value) ? toStruct(value) : value);
    else if (map instanceof Object && isMap(value))
      for (const entry of Object.entries(value)) accessor(map, "set")?.(...entry);
    else throw new Error(`the SDK's protocol has no field ${name}`);
  }
  return message;
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  const convert = value instanceof Object && (accessor(value, "toJavaScript") ?? accessor(value, "toObject"));
  return convert ? convert() : value;
}

/** Those of the named fields that a message has and that are set, as plain objects. */
export function readMessage(message: Message, names: readonly string[]): Record<string, unknown> {
  const fields = names.flatMap((name) => {
    const get = ["", "list", "map"].flatMap((kind) => accessor(message, `get${name}${kind}`) ?? [])[0];
    const value = toPlain(get?.());
    return (Array.isArray(value) ? value.length > 0 : value) ? [[name, value]] : [];
  });
  return Object.fromEntries(fields);
}

const changeNames = ["DIFF_UNKNOWN", "DIFF_NONE", "DIFF_SOME"] as const;
const properties = z.custom<PropertyMap>();
/** What the engine goes by in the answers of a provider, and in its errors: each has some of these fields. */
const answerSchema = z
  .object({
    id: z.string(),
    properties,
    inputs: properties,
    failures: z.array(z.object({ property: z.string(), reason: z.string() })),
    changes: z.number().transform((number) => changeNames[number]),
    replaces: z.array(z.string()),
    deleteBeforeReplace: z.boolean(),
    reasons: z.array(z.string()),
    acceptSecrets: z.boolean(),
    supportsPreview: z.boolean(),
    version: z.string(),
  })
  .partial();
export type Answer = z.infer<typeof answerSchema>;

export const readAnswer = (message: Message): Answer =>
  answerSchema.parse(readMessage(message, Object.keys(answerSchema.shape)));
