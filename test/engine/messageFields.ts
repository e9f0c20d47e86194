import type { Message } from "google-protobuf";
import { isMap, type PropertyMap, toStruct } from "./properties";

/** The generated accessors spell the names in their own way (`setAcceptsecrets`): case is ignored. */
function accessor(message: object, name: string): ((...values: unknown[]) => unknown) | undefined {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(message));
  const found = methods.find((method) => method.toLowerCase() === name.toLowerCase());
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

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "toObject" in value;
const toPlain = (value: unknown): unknown => {
  if (!isMessage(value)) return value;
  return "toJavaScript" in value && typeof value.toJavaScript === "function"
    ? value.toJavaScript()
    : value.toObject();
};

/** Fields of a message as plain objects; lists and messages that are not there are left out. */
export function readMessage(message: Message, names: readonly string[]): Record<string, unknown> {
  const fields = names.map((name) => {
    const get = ["", "list", "map"].flatMap((kind) => accessor(message, `get${name}${kind}`) ?? [])[0];
    if (!get) throw new Error(`the SDK's protocol has no field ${name}`);
    const value = get();
    return [name, Array.isArray(value) ? value.map(toPlain) : toPlain(value)];
  });
  return Object.fromEntries(fields);
}
