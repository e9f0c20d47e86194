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

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  const convert = value instanceof Object && (accessor(value, "toJavaScript") ?? accessor(value, "toObject"));
  return convert ? convert() : value;
}

/** Fields of a message as plain objects; what is not there is empty. */
export function readMessage(message: Message, names: readonly string[]): Record<string, unknown> {
  const fields = names.map((name) => {
    const get = ["", "list", "map"].flatMap((kind) => accessor(message, `get${name}${kind}`) ?? [])[0];
    if (!get) throw new Error(`the SDK's protocol has no field ${name}`);
    return [name, toPlain(get())];
  });
  return Object.fromEntries(fields);
}
