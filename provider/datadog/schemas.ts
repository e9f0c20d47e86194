import { z } from "zod";
import { changeTime } from "./changeTime";
import { plainText } from "./model/plainText";

/*
 * What Datadog's answers must have for us to use them. Added fields are ignored everywhere; a field that we
 * only show may be absent, null or of another type, one that we decide by may not.
 */

/** Goes into messages and into the state. */
const told = z.string().transform(plainText);
const shownText = told.nullish().catch(null);

/**
 * Compared with what a program declares, so it stays as it is: cleaned, a name that merely looks like another
 * would be that one.
 */
const rawText = z.string().nullish().catch(null);
const timestamp = z.number().nonnegative().optional().catch(undefined);

const problem = z.object({
  finding_id: z.string(),
  status: z.coerce.number().int().min(100).max(599).catch(0),
  title: told.nullish().catch(""),
  detail: told.nullish().catch(""),
});

/** 202 of the assignee endpoint. Source: https://docs.datadoghq.com/api/latest/security-monitoring/ */
export const assignmentAnswer = z.object({
  data: z.object({ type: z.string().optional() }).nullish(),
  meta: z
    .object({ failures: z.array(problem).nullish(), warnings: z.array(problem).nullish().catch([]) })
    .nullish(),
});

/** A UUID, whose case says nothing: compared in lower case everywhere. */
const userId = z
  .string()
  .min(1)
  .transform((id) => id.toLowerCase());

/** Datadog's examples show `{ id, name }`. */
const changedBy = z
  .union([z.object({ name: told }).transform(({ name }) => name), told])
  .nullish()
  .catch(null);

/** Absent, null, or an object without an id: nobody. */
const assignee = z.preprocess(
  (value) => (hasNoId(value) ? null : value),
  z
    .object({ id: userId, name: shownText, updated_at: changeTime.optional(), updated_by: changedBy })
    .nullish(),
);

/** No schema: most findings have an owner, and a failure of a schema costs an Error with its stack. */
function hasNoId(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const id: unknown = "id" in value ? value.id : undefined;
  return id === undefined || id === null || id === "";
}

const linkedCase = z
  .object({
    id: rawText,
    key: shownText,
    jira_issue: z.object({ key: shownText }).nullish().catch(null),
  })
  .nullish()
  .catch(null);

/**
 * The Case of a finding, whose owner Datadog keeps in step with the finding's. The schema reference describes
 * a list, its examples show one object.
 */
const linkedCases = z
  .union([z.array(linkedCase).transform(([first]) => first ?? null), linkedCase])
  .catch(null);

const custom = z.object({
  severity: shownText,
  status: shownText,
  title: shownText,
  finding_type: shownText,
  detection_changed_at: timestamp,
  first_seen_at: timestamp,
  resource_id: rawText,
  resource_name: shownText,
  git: z
    .object({ codeowners: z.union([z.array(z.string()), z.string().transform((owner) => [owner])]) })
    .nullish()
    .catch(null),
  workflow: z
    .object({
      triage: z.object({ assignee }).nullish(),
      integrations: z.object({ cases: linkedCases }).nullish().catch(null),
    })
    .nullish(),
});

/**
 * `id` is what the assignee endpoint takes; in every recorded answer `custom.finding_id`, which queries ask
 * for, is the same.
 */
export const finding = z.object({
  id: z.string().min(1),
  attributes: z.object({
    attributes: z.object({ custom }),
    tags: z.array(z.string()).nullish().catch([]),
  }),
});

const identified = z.object({ id: z.string().min(1) });

/**
 * Findings are read one by one: one of another shape says nothing of the others. Where none can be read,
 * their shape is another, and the answer is refused.
 */
const findings = z.array(z.unknown()).transform((items, context) => {
  const parsed = items.map((item) => finding.safeParse(item));
  const readable = parsed.flatMap(({ data }) => data ?? []);
  const [issue] = parsed[0]?.error?.issues ?? [];
  if (readable.length === 0 && issue) {
    context.issues.push({ code: "custom", message: issue.message, path: [0, ...issue.path], input: items });
  }
  /** Their ids, undefined where not even that can be read. */
  const unreadable = items
    .filter((_, index) => !parsed[index]?.success)
    .map((item) => identified.safeParse(item).data?.id);
  return { readable, unreadable };
});

/** One page of a search. */
export const searchAnswer = z.object({
  data: findings,
  meta: z
    .object({ page: z.object({ after: z.string().nullish() }).nullish() })
    .nullish()
    .transform((meta) => meta?.page?.after || undefined),
});

export const user = z.object({
  id: userId,
  attributes: z.object({
    name: shownText,
    email: rawText,
    handle: rawText,
    disabled: z.boolean().nullish(),
    status: shownText,
    service_account: z.boolean().nullish().catch(null),
  }),
  relationships: z
    .object({ org: z.object({ data: z.object({ id: z.string().min(1) }) }) })
    .nullish()
    .catch(null),
});

const team = z.object({
  id: z.string().min(1),
  attributes: z.object({ handle: z.string(), name: shownText }),
});

const pagination = z
  .object({ pagination: z.object({ total: z.number().int().nonnegative() }) })
  .optional()
  .catch(undefined);

export const teamsAnswer = z.object({ data: z.array(team), meta: pagination });

/** Of a user as it is included: what is only shown, and what tells whether the user can own findings. */
const includedUser = z.object({
  type: z.literal("users"),
  id: userId,
  attributes: z.object({
    name: shownText,
    email: rawText,
    handle: rawText,
    disabled: z.boolean().nullish(),
    service_account: z.boolean().nullish().catch(null),
    status: z.string().nullish().catch(null),
  }),
});

/** What is included may be of other kinds, too: these are of no use here. */
export const includedUsers = z
  .array(z.union([includedUser, z.object({ type: z.string() }).transform(() => undefined)]))
  .nullish()
  .transform((items) => new Map((items ?? []).flatMap((item) => (item ? [[item.id, item.attributes]] : []))));

const userReference = z.object({ id: userId });

export const membershipsAnswer = z.object({
  data: z.array(z.object({ relationships: z.object({ user: z.object({ data: userReference }) }) })),
  included: includedUsers,
  meta: pagination,
});

export const onCallAnswer = z.object({
  data: z.object({
    relationships: z.object({ responders: z.object({ data: z.array(userReference) }) }),
  }),
  included: includedUsers,
});

export const schedulesAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      relationships: z
        .object({ teams: z.object({ data: z.array(z.object({ id: z.string() })) }) })
        .nullish()
        .catch(null),
    }),
  ),
});

export const shiftAnswer = z.object({
  data: z.object({
    attributes: z.object({ end: z.string().nullish().catch(null) }),
    relationships: z.object({ user: z.object({ data: userReference }) }),
  }),
});

export const usersAnswer = z.object({ data: z.array(user) });
export const userAnswer = z.object({ data: user });
