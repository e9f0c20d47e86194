import { z } from "zod";
import { findingSet } from "../../core/findingSet";
import { lintOwnership } from "../../core/ownership/lintOwnership";
import { type OwnershipSpec, ownershipSpec } from "../../core/ownership/rule";
import { formatPath } from "../../ownership/documentPath";
import { ownershipFileSchema, ruleSchema } from "../../ownership/ownershipSchema";
import { schemaProblems } from "../../ownership/schemaProblems";
import type { CheckFailure } from "../checkFailures";
import { containsUnknown } from "../unknown";

/** As in a file, and an owner may be a handle too. */
const inputs = ownershipFileSchema.extend({
  rules: z.array(
    ruleSchema.extend({ assignee: z.string("the e-mail, UUID or handle of a Datadog user is needed") }),
  ),
});

export interface OwnershipInputs {
  readonly spec: OwnershipSpec;
  readonly resourceName: string | undefined;
}

type Props = Readonly<Record<string, unknown>>;

/** What the resource adds to what the user declares. */
function declared({ __provider, resourceName, ...rest }: Props): Props {
  return rest;
}

/** Parses inputs that have passed the check. */
export function parseOwnershipInputs(news: Props): OwnershipInputs {
  const { exclude, ...rest } = inputs.parse(declared(news));
  const resourceName = typeof news.resourceName === "string" ? news.resourceName : undefined;
  return { spec: ownershipSpec({ ...rest, exclude: findingSet(exclude) }), resourceName };
}

/** Every problem of the inputs at once; nothing is said of inputs that are not known yet. */
export function checkOwnershipInputs(news: Props): {
  failures: CheckFailure[];
  normalised: Record<string, unknown>;
} {
  if (containsUnknown(declared(news))) return { failures: [], normalised: { ...news } };
  const parsed = inputs.safeParse(declared(news));
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error, declared(news));
    return { failures: problems.map(failureOf), normalised: { ...news } };
  }
  const errors = lintOwnership(ownershipSpec(parsed.data)).filter(({ severity }) => severity === "error");
  const exclude = findingSet(parsed.data.exclude);
  return {
    failures: errors.map(failureOf),
    normalised: { ...news, ...(news.exclude !== undefined && { exclude }) },
  };
}

function failureOf({
  path,
  message,
}: {
  path: ReadonlyArray<string | number>;
  message: string;
}): CheckFailure {
  const property = formatPath(path);
  return { property, reason: property === "" ? message : `${property}: ${message}` };
}
