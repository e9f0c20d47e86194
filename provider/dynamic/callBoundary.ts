import { messageOf } from "../core/messageOf";
import { AssignmentError } from "../engine/assignmentError";
import { LARGEST_TRAILER, trailerSize } from "../engine/trailerSize";

/**
 * A failed call as the SDK's dynamic provider is to see it. It prints what `String(error)` and the stack say,
 * and then the engine shows the message: so these say neither the message again nor where it was thrown, and
 * `quietFailedCalls` keeps them back.
 */
export class FailedCall extends Error {
  static readonly LABEL = "pulumi-datadog-findings";
  static readonly STACK = "a call failed";
  override readonly name = FailedCall.LABEL;
  override readonly stack = FailedCall.STACK;

  override toString(): string {
    return this.name;
  }
}

/** Lets no error out that floods the screen, or that the SDK cannot carry to the engine. */
export function atCallBoundary<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      // Its fields are what the SDK needs, and measured already.
      if (error instanceof AssignmentError) throw error;
      throw new FailedCall(bounded(messageOf(error)));
    }
  };
}

/** As much of a message as arrives. */
export function bounded(message: string): string {
  const text = message.replace(HALVES_OF_CHARACTERS, "\ufffd");
  if (trailerSize({ message: text }) <= LARGEST_TRAILER) return text;
  // No code unit takes more than nine bytes.
  const most = Math.floor(LARGEST_TRAILER / 9) - 1;
  return `${text.slice(0, most).replace(HALVES_OF_CHARACTERS, "\ufffd")} …`;
}

/** Which are no text, and cannot be percent-encoded. */
const HALVES_OF_CHARACTERS = /\p{Cs}/gu;
