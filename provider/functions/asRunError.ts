import * as pulumi from "@pulumi/pulumi";

/**
 * Failures that end the program as pulumi.RunError: the SDK prints just their message, where it would inspect any other error with
 * all that hangs on it, the whole resource graph included.
 */
export async function asRunError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toRunError(error);
  }
}

export function toRunError(error: unknown): pulumi.RunError {
  return new pulumi.RunError(error instanceof Error ? error.message : String(error));
}
