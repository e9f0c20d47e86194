import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../core/messageOf";

/** Failures that end the program as pulumi.RunError, of which the SDK prints just the message. */
export async function asRunError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toRunError(error);
  }
}

/**
 * Without a stack, which the SDK does not print for a RunError but colours all the same: on Node 20 its
 * colouring of frames in node_modules takes half a minute and 500 MB (see pulumi/pulumi#21326).
 */
export function toRunError(error: unknown): pulumi.RunError {
  const runError = new pulumi.RunError(messageOf(error));
  runError.stack = "";
  return runError;
}
