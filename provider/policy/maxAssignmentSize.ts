import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { declaredAssignment, known } from "./declared";
import type { PolicyOptions } from "./policyOptions";
import { policySettings } from "./policySettings";

const NEEDED = "a whole number of findings is needed, 1 or more";

const settingsSchema = z.strictObject({
  max: z
    .int(NEEDED)
    .min(1, NEEDED)
    .default(1000)
    .describe("The largest number of findings in one FindingsAssignment."),
});

export interface MaxAssignmentSizeOptions extends PolicyOptions {
  /**
   * The largest number of findings in one `FindingsAssignment`; a whole number from 1. Default 1000: ten
   * requests.
   */
  readonly max?: number | undefined;
}

/**
 * No `FindingsAssignment` larger than `max`.
 *
 * Use it against a list that a script has filled with everything, and to send whoever keeps thousands of ids
 * in git to `FindingsOwnership`, whose own guard is `maxChanges`. In a preview, ids that are not known yet
 * count too; a list that is not known at all is judged by the deployment.
 */
export function maxAssignmentSize(options: MaxAssignmentSizeOptions = {}): ResourceValidationPolicy {
  const { base, settings } = policySettings(
    {
      name: "findings-max-assignment-size",
      displayName: "Findings assignments stay small",
      description: "An assignment must not hold more findings than allowed.",
      severity: "low",
    },
    settingsSchema,
    options,
  );
  return {
    ...base,
    validateResource: (args, reportViolation) => {
      const { max } = settings(args);
      const size = known(declaredAssignment(args)?.findingIds, []).length;
      if (size > max) reportViolation(refusal(args.name, size, max));
    },
  };
}

function refusal(name: string, size: number, max: number): string {
  return (
    `Assignment "${name}" holds ${count(size)} findings; at most ${count(max)} are allowed. ` +
    "Split it, or declare these findings by a query with FindingsOwnership."
  );
}

const count = (number: number) => number.toLocaleString("en-US");
