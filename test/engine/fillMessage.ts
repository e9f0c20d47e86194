import type { Message } from "google-protobuf";
import { type PropertyMap, toStruct } from "./properties";

export type MessageFields = Record<string, string | boolean | readonly string[] | PropertyMap>;

/**
 * Sets the fields of a gRPC message from an object, so that the log of calls shows what was really sent. The
 * generated setters spell the names in their own way (`setAcceptsecrets`, `setSendsOldInputs`): case is ignored.
 */
export function fillMessage<M extends Message>(message: M, fields: MessageFields): M {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(message));
  for (const [name, value] of Object.entries(fields)) {
    const isList = Array.isArray(value);
    const wanted = `set${name}${isList ? "list" : ""}`.toLowerCase();
    const setter: unknown = Reflect.get(
      message,
      methods.find((method) => method.toLowerCase() === wanted) ?? "",
    );
    if (typeof setter !== "function") throw new Error(`the SDK's protocol has no field ${name}`);
    Reflect.apply(setter, message, [isStructured(value) ? toStruct(value) : value]);
  }
  return message;
}

const isStructured = (value: MessageFields[string]): value is PropertyMap =>
  typeof value === "object" && !Array.isArray(value);
