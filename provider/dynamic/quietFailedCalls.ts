import { FailedCall } from "./callBoundary";

interface ErrorOutput {
  error(...args: unknown[]): void;
}

/**
 * Keeps a line from the user that tells nothing: the SDK's dynamic provider prints each error of a call, and
 * then gives it to the engine, which shows it with the name of its resource.
 */
export function quietFailedCalls(output: ErrorOutput): void {
  const printed = `${FailedCall.LABEL}: ${FailedCall.STACK}`;
  const { error } = output;
  output.error = (...args) => {
    if (args.length !== 1 || args[0] !== printed) error.apply(output, args);
  };
}
