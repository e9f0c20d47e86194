import * as pulumi from "@pulumi/pulumi";
import type { SavedFailure } from "../engine/assignmentError";
import { toRunError } from "./asRunError";

/**
 * Fails the program, and with it the deployment, where the provider had to save failures as a success: the
 * state was too large for the SDK's error. As after an error of the provider, the engine then deletes
 * nothing.
 * @param name of the resource
 * @param failure an output of it; that of an earlier deployment says nothing of this one
 */
export function failProgram(name: string, failure: pulumi.Output<SavedFailure | undefined>): void {
  failure.apply((saved) => {
    if (saved && !pulumi.runtime.isDryRun() && Date.parse(saved.at) >= performance.timeOrigin) {
      throw toRunError(`${name}: ${saved.reasons.join("\n")}`);
    }
  });
}
