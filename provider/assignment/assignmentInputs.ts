import { z } from "zod";
import { isUuid } from "../core/claims";
import { findingSet } from "../core/findingSet";
import { type CheckFailure, checkFailures, unknownProperties } from "../engine/checkFailures";
import { isUnknown } from "../engine/unknown";
import { assigneeProblem } from "../rules/ownerProblem";

export type OnMissing = "fail" | "ignore";

/** The checked inputs of a FindingsAssignment, as the state stores them. */
export interface AssignmentInputs {
  /** Unique and sorted. */
  readonly findingIds: readonly string[];
  /** A user's UUID in lower case, or an e-mail or handle as declared. */
  readonly assignee: string;
  readonly onMissing: OnMissing;
  /** The resource's name in the program, for messages. */
  readonly resourceName: string | undefined;
}

const findingId = z.string("a finding id must be a string").min(1, "a finding id must not be empty");

/** The inputs as a program declares them, with what the resource adds. */
export const assignmentInputSchema = z.object({
  findingIds: z.array(findingId, "a list of finding ids is needed"),
  assignee: z
    .string("the UUID, e-mail or handle of a Datadog user is needed")
    .superRefine((assignee, context) => {
      const message = assigneeProblem(assignee);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
  onMissing: z.enum(["fail", "ignore"], '"fail" or "ignore" is needed').default("fail"),
  resourceName: z.string().optional(),
});

const properties = ["findingIds", "assignee", "onMissing"];
const internal = ["resourceName", "__provider"];

/**
 * Order and duplicates mean nothing, and a UUID is the same in capitals: none of it may ever show as a
 * change.
 */
function normalise(parsed: z.infer<typeof assignmentInputSchema>): AssignmentInputs {
  return {
    findingIds: findingSet(parsed.findingIds),
    assignee: isUuid(parsed.assignee) ? parsed.assignee.toLowerCase() : parsed.assignee,
    onMissing: parsed.onMissing,
    resourceName: parsed.resourceName,
  };
}

/** Parses inputs that have passed `check`. */
export function parseInputs(news: unknown): AssignmentInputs {
  return normalise(assignmentInputSchema.parse(news));
}

/**
 * Every problem of the inputs, and the inputs normalised as far as they are known. Unknown values pass.
 */
export function checkInputs(news: Readonly<Record<string, unknown>>): {
  failures: CheckFailure[];
  normalised: Record<string, unknown>;
} {
  const parsed = assignmentInputSchema.safeParse(substituteUnknown(news));
  const failures = unknownProperties(news, properties, internal);
  if (!parsed.success) {
    failures.push(...checkFailures(parsed.error, news));
    return { failures, normalised: { ...news } };
  }
  const normal = normalise(parsed.data);
  return {
    failures,
    normalised: {
      findingIds: normaliseKnown(news.findingIds),
      assignee: isUnknown(news.assignee) ? news.assignee : normal.assignee,
      ...(news.onMissing !== undefined && news.onMissing !== "fail" && { onMissing: news.onMissing }),
      ...(normal.resourceName !== undefined && { resourceName: normal.resourceName }),
    },
  };
}

/** Puts something valid where a preview does not know the value yet. */
function substituteUnknown(news: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    ...news,
    ...(isUnknown(news.findingIds) && { findingIds: [] }),
    ...(isUnknown(news.onMissing) && { onMissing: "fail" }),
  };
}

function normaliseKnown(findingIds: unknown): unknown {
  if (!Array.isArray(findingIds)) return findingIds;
  const known = findingIds.filter((id): id is string => typeof id === "string" && !isUnknown(id));
  return [...findingSet(known), ...findingIds.filter(isUnknown)];
}
