import type { Day } from "../core/day";
import { findingSet } from "../core/findingSet";
import type { CheckFailure } from "../engine/checkFailures";
import { nameIn } from "../engine/nameIn";
import { effectiveOwnership } from "../rules/effectiveOwnership";
import type { OwnershipSpec } from "../rules/rule";
import { checkOwnership } from "../rulesFile/checkOwnership";
import { formatPath } from "../rulesFile/documentPath";
import { ownershipInputSchema } from "../rulesFile/ownershipSchema";
import { isAbout, knownInputs } from "./knownInputs";

export interface OwnershipInputs {
  /** With the rules that are in force today. */
  readonly spec: OwnershipSpec;
  readonly resourceName: string | undefined;
}

type Props = Readonly<Record<string, unknown>>;

/** What the user declares, without what the resource adds to it. */
function declared({ __provider, resourceName, fromFile, ...rest }: Props): Props {
  return rest;
}

/**
 * Parses inputs that have passed the check.
 * @param today in UTC: rules that have ended count as taken out
 */
export function parseOwnershipInputs(news: Props, today: Day): OwnershipInputs {
  const spec = effectiveOwnership(ownershipInputSchema.parse(declared(news)), today);
  const resourceName = nameIn(news);
  return { spec: { ...spec, exclude: findingSet(spec.exclude) }, resourceName };
}

export interface CheckedInputs {
  readonly failures: readonly CheckFailure[];
  /**
   * What may be meant so, but is probably not. Of a file the program has told already, with line and column.
   */
  readonly warnings: readonly string[];
  readonly normalised: Record<string, unknown>;
  /** Names of inputs that are not known yet, as in a preview: `exclude`, `rules[2].assignee`. */
  readonly unknown: readonly string[];
}

/** Every problem of the inputs at once, as far as they are known. */
export function checkOwnershipInputs(news: Props, today: Day): CheckedInputs {
  const { known, unknown } = knownInputs(declared(news));
  const { declaration, errors, warnings } = checkOwnership(known, { day: today });
  const excludeKnown = !unknown.some(([key]) => key === "exclude");
  const excluded = news.exclude !== undefined && excludeKnown ? declaration?.exclude : undefined;
  const exclude = excluded && findingSet(excluded);
  const rulesKnown = !unknown.some(([key]) => key === "rules");
  return {
    failures: errors.filter(({ path }) => !unknown.some((each) => isAbout(path, each))).map(failureOf),
    warnings: rulesKnown && news.fromFile !== true ? warnings.map((each) => failureOf(each).reason) : [],
    normalised: { ...news, ...(exclude && { exclude }) },
    // The place of an unknown element says nothing.
    unknown: [...new Set(unknown.map((path) => formatPath(path[0] === "exclude" ? ["exclude"] : path)))],
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
