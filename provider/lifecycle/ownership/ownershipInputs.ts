import { findingSet } from "../../core/findingSet";
import { type OwnershipSpec, ownershipSpec } from "../../core/ownership/rule";
import { checkOwnership } from "../../ownership/checkOwnership";
import { formatPath } from "../../ownership/documentPath";
import { ownershipInputSchema } from "../../ownership/ownershipSchema";
import type { CheckFailure } from "../checkFailures";
import { containsUnknown } from "../unknown";

export interface OwnershipInputs {
  readonly spec: OwnershipSpec;
  readonly resourceName: string | undefined;
}

type Props = Readonly<Record<string, unknown>>;

/** What the user declares, without what the resource adds to it. */
function declared({ __provider, resourceName, ...rest }: Props): Props {
  return rest;
}

/** Parses inputs that have passed the check. */
export function parseOwnershipInputs(news: Props): OwnershipInputs {
  const spec = ownershipSpec(ownershipInputSchema.parse(declared(news)));
  const resourceName = typeof news.resourceName === "string" ? news.resourceName : undefined;
  return { spec: { ...spec, exclude: findingSet(spec.exclude) }, resourceName };
}

/** Every problem of the inputs at once; nothing is said of inputs that are not known yet. */
export function checkOwnershipInputs(news: Props): {
  failures: CheckFailure[];
  normalised: Record<string, unknown>;
} {
  if (containsUnknown(declared(news))) return { failures: [], normalised: { ...news } };
  const { spec, errors } = checkOwnership(declared(news));
  const exclude = news.exclude !== undefined && spec ? { exclude: findingSet(spec.exclude) } : {};
  return { failures: errors.map(failureOf), normalised: { ...news, ...exclude } };
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
