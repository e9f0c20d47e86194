import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { countOf } from "../core/count";
import { type Declared, type DeclaredAssignment, declaredAssignment, known } from "./declared";
import { unknown } from "./knownValues";
import type { PolicyOptions } from "./policyOptions";
import { policySettings } from "./policySettings";

const NEEDED = "a whole number of findings is needed, 1 or more";

const settingsSchema = z.strictObject({
  show: z.int(NEEDED).min(1, NEEDED).default(10).describe("How many duplicates are reported one by one."),
});

export interface NoDuplicateFindingsOptions extends PolicyOptions {
  /**
   * How many duplicates are reported one by one; the others are counted. A whole number from 1. Default 10.
   */
  readonly show?: number | undefined;
}

/**
 * No finding declared by two `FindingsAssignment`s of a stack.
 *
 * Use it to see every double in the preview. The provider itself refuses a finding that is declared for two
 * users, when it is to be assigned; this policy also refuses two declarations for the same user, where
 * deleting one would release what the other declares. It is a stack policy: Pulumi runs it at the end of a
 * preview, on the declared findings, and at the end of a deployment, on the assigned ones, those that failed
 * and those left out as missing.
 */
export function noDuplicateFindings(options: NoDuplicateFindingsOptions = {}): StackValidationPolicy {
  const { base, settings } = policySettings(
    {
      name: "findings-no-duplicates",
      displayName: "Findings are declared once",
      description: "A finding must be declared by one assignment only.",
      severity: "medium",
    },
    settingsSchema,
    options,
  );
  return {
    ...base,
    validateStack: (args, reportViolation) => {
      const { show } = settings(args);
      const duplicates = findDuplicates(args.resources);
      for (const duplicate of duplicates.slice(0, show))
        reportViolation(refusal(duplicate), duplicate.second);
      if (duplicates.length > show) {
        const rest = duplicates.length - show;
        reportViolation(`${countOf(rest, "more finding")} ${rest === 1 ? "is" : "are"} declared twice.`);
      }
    },
  };
}

interface Duplicate {
  readonly findingId: string;
  readonly first: string;
  readonly second: string;
}

function findDuplicates(resources: readonly PolicyResource[]): Duplicate[] {
  const firsts = new Map<string, string>();
  const duplicates: Duplicate[] = [];
  for (const resource of resources) {
    for (const findingId of findingsOf(resource)) {
      const first = firsts.get(findingId);
      if (first === undefined) firsts.set(findingId, resource.urn);
      else duplicates.push({ findingId, first, second: resource.urn });
    }
  }
  return duplicates;
}

function findingsOf(resource: PolicyResource): Set<string> {
  const assignment = declaredAssignment(resource);
  return assignment ? declaredFindings(assignment) : new Set();
}

/** What failed and is not on its way out is declared too: see the provider's state. */
function declaredFindings({ findingIds, failures, missing, releasing }: DeclaredAssignment): Set<string> {
  const leaving = new Set(strings(releasing));
  const failed = strings(
    known(failures, []).map((failure) => known(failure, { findingId: undefined }).findingId),
  );
  return new Set([...strings(findingIds), ...strings(missing), ...failed.filter((id) => !leaving.has(id))]);
}

function strings(list: Declared<Declared<string>[]>): string[] {
  return known(list, []).filter((item) => item !== unknown && item !== undefined);
}

function refusal({ findingId, first, second }: Duplicate): string {
  return `Finding "${findingId}" is declared by ${first} and by ${second}. Take it out of one of them.`;
}
