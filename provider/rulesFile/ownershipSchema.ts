import { z } from "zod";
import { FINDING_TYPES } from "../rules/findingTypes";
import { OWNER_PATTERN, ownerProblem } from "../rules/ownerProblem";
import { PERSON_NAME_PATTERN, REFERENCE_PATTERN } from "./people";

/*
 * The fields of an ownership file. What is said here goes into the JSON schema, and so into editors:
 * `description` shows while writing, and the message of each check says what would be right.
 */

const text = (needed: string) => z.string(needed).regex(/\S/, needed);

const QUERY = "a query in Datadog's search syntax is needed, like team:platform; * matches everything";
const NO_QUERY = `${QUERY}. Or name findingTypes`;
const RULE = "a rule is needed, with name, query and assignee";
const RULES = "a list of rules is needed, each with name, query and assignee";
const NO_RULES = "one rule at least is needed, with name, query and assignee";
const DAY = "a day is needed, like 2026-12-31";

const FORMS = "team:HANDLE, on-call:HANDLE or none";
const OWNER = `an owner is needed: the e-mail or UUID of a Datadog user, ${FORMS}`;
const OWNER_OF_PROGRAM = `an owner is needed: the e-mail, UUID or handle of a Datadog user, ${FORMS}`;

const noOwner = (handles: boolean) => (issue: { readonly input?: unknown }) =>
  ownerProblem(String(issue.input), { handles }) ?? OWNER;

/** One owner as a file names it. */
const owner = z.string(OWNER).regex(new RegExp(OWNER_PATTERN), { error: noOwner(false) });

/** One owner as a file names it, or a name of `people`. */
const ownerOrName = z
  .string(OWNER)
  .regex(new RegExp(`${OWNER_PATTERN}|${REFERENCE_PATTERN}`), { error: noOwner(false) });

/** As a program names it: there an owner may be a handle as well. */
const ownerOfProgram = z
  .string(OWNER_OF_PROGRAM)
  .refine((assignee) => ownerProblem(assignee) === undefined, { error: noOwner(true) });

const WEIGHT = "a number greater than 0 is needed";

const weighted = <Owner extends z.ZodType>(assignee: Owner) =>
  z.strictObject(
    { assignee, weight: z.number(WEIGHT).positive(WEIGHT).optional() },
    "an owner is needed, or assignee and weight",
  );

/** The owners of a rule: one of the two is needed. */
const ownerFields = <Owner extends z.ZodType<string>>(owner: Owner) => ({
  assignee: owner.optional().meta({
    description:
      "Who owns them: the e-mail or UUID of a Datadog user, @NAME for one of people, team:HANDLE for the active members of a " +
      "Datadog team, on-call:HANDLE for who is on call for it, or none: the findings are left alone, by later rules too.",
    examples: ["payments-lead@example.com", "team:payments", "on-call:payments", "none", "@duty"],
  }),
  assignees: z
    .array(
      z.union([owner, weighted(owner)], "an owner is needed, or assignee and weight"),
      "a list of owners is needed",
    )
    .min(1, "one owner at least is needed")
    .optional()
    .meta({
      description:
        "Several owners, in place of assignee; one with weight 2 gets twice as many findings as one with 1.",
      examples: [["one@example.com", { assignee: "team:payments", weight: 2 }]],
    }),
  pick: z
    .enum(["spread", "first"], "spread or first is needed")
    .optional()
    .meta({
      description:
        "Of several owners: spread (default) shares the findings among all who are active; first gives all to the first of the " +
        "list who is active.",
    }),
  handOver: z
    .enum(["keep", "move"], "keep or move is needed")
    .optional()
    .meta({
      description:
        "When somebody else is on call: keep (default) leaves findings with the user who got them; move gives them to " +
        "whoever is on call now.",
    }),
});

const ruleFields = <Owner extends z.ZodType<string>>(owner: Owner) => ({
  name: text("a name is needed, like payments").meta({
    description: "The rule's name, unique among all rules. A renamed rule is a new one.",
    examples: ["payments"],
  }),
  query: text(QUERY)
    .optional()
    .meta({
      description:
        "Which findings, in Datadog's search syntax. Attributes take an @, tags do not; words side by side mean AND; * matches " +
        "everything. Put it in quotes: YAML does not allow a text to begin with @ or *. With findingTypes beside it, " +
        "findings have to be as both say.",
      examples: ["@severity:(critical OR high) team:payments", "*"],
    }),
  findingTypes: z
    .array(
      z.enum(FINDING_TYPES, `a type of findings is needed: ${FINDING_TYPES.join(", ")}`),
      "a list of types of findings is needed, like [secret]",
    )
    .min(1, "one type of findings at least is needed, like [secret]")
    .optional()
    .meta({
      description: "Which types of findings, beside query or instead of it.",
      examples: [["secret", "static_code_vulnerability"]],
    }),
  ...ownerFields(owner),
  overwrite: z
    .boolean("true or false is needed")
    .default(false)
    .meta({
      description:
        "false (default): takes findings that nobody owns, and leaves alone what a person gave to somebody else. " +
        "true: takes every match.",
    }),
  enabled: z.boolean("true or false is needed").default(true).meta({
    description: "false: the rule counts as taken out of the list. Default true.",
  }),
  until: z.iso
    .date(DAY)
    .optional()
    .meta({
      description:
        "The rule's last day, in UTC: afterwards it counts as taken out of the list. Default: no end.",
      examples: ["2026-12-31"],
    }),
  note: z.string("a text is needed").optional().meta({ description: "Why this rule is there." }),
});

/** Checked also where another field is wrong, so that all problems are told at once. */
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const whereObject = ({ value }: { value: unknown }) => isObject(value);
const has = (value: unknown, key: string) =>
  isObject(value) && Object.hasOwn(value, key) && Reflect.get(value, key) !== undefined;

const ruleOf = <Owner extends z.ZodType<string>>(owner: Owner, ownerNeeded: string) =>
  z
    .strictObject(ruleFields(owner), RULE)
    .refine((rule) => has(rule, "assignee") || has(rule, "assignees"), {
      path: ["assignee"],
      error: ownerNeeded,
      when: whereObject,
    })
    .refine((rule) => has(rule, "query") || has(rule, "findingTypes"), {
      path: ["query"],
      error: NO_QUERY,
      when: whereObject,
    });

export const ruleSchema = ruleOf(ownerOrName, OWNER).meta({
  description:
    "Gives the findings that match a query, and no rule before it, to one or several users, or leaves them alone.",
});

const generalFields = {
  scope: text("a query in Datadog's search syntax is needed, like @status:open")
    .optional()
    .meta({
      description: "Findings outside of this query are never touched. Default: all findings.",
      examples: ["@status:open"],
    }),
  exclude: z
    .array(text("the id of a finding is needed"), "a list of finding ids is needed")
    .default([])
    .meta({ description: "Ids of findings that no rule touches." }),
  maxChanges: z
    .int("a whole number of findings is needed, 0 or more")
    .min(0, "a whole number of findings is needed, 0 or more")
    .optional()
    .meta({
      description:
        "The most findings that one deployment may change: more is refused before anything is sent. Default: no bound.",
      examples: [500],
    }),
  maxChangesPerOwner: z
    .int("a whole number of findings is needed, 0 or more")
    .min(0, "a whole number of findings is needed, 0 or more")
    .optional()
    .meta({
      description:
        "The most findings that one deployment may give to one user: more is refused before anything is sent. Default: no bound.",
      examples: [100],
    }),
  onDelete: z.enum(["unassign", "keep"], "unassign or keep is needed").default("unassign").meta({
    description:
      "What a delete does with findings that match a rule and still belong to its owner: release them (default), or not.",
  }),
  releaseRemoved: z
    .boolean("true or false is needed")
    .default(false)
    .meta({
      description:
        "Whether a rule that is taken out of the list, switched off or ended releases the findings that no other rule " +
        "claims. Default false.",
    }),
};

const peopleSchema = z
  .record(
    z.string().regex(new RegExp(PERSON_NAME_PATTERN), "a name has letters, digits, - and _ only"),
    z.union(
      [owner, z.array(owner).min(1, "one owner at least is needed")],
      "an owner or a list of owners is needed: users or teams of Datadog",
    ),
    "a mapping is needed from names to owners, like duty: one@example.com",
  )
  .default({})
  .meta({
    description: "Names for owners: a rule's owner @duty is whom people.duty names, one or several.",
    examples: [{ duty: ["one@example.com", "two@example.com"] }],
  });

const pattern = text("the path of a file is needed, like teams/*.yaml");

const includeSchema = z
  .union([pattern, z.array(pattern).min(1)], "a path or a list of paths is needed, like teams/*.yaml")
  .optional()
  .meta({
    description:
      "Further files with rules: paths relative to this file, in which * and ? stand for any characters and ** for any " +
      "folders. Their rules come before the rules of this file, in the order of this list; of one pattern by name.",
    examples: ["teams/*.yaml", ["security.yaml", "teams/*.yaml"]],
  });

const rulesMeta = { description: "In order: the first rule that matches a finding decides who owns it." };

/** Rules may all stand in included files. */
export const ownershipFileSchema = z
  .strictObject(
    {
      rules: z.array(ruleSchema, RULES).default([]).meta(rulesMeta),
      include: includeSchema,
      people: peopleSchema,
      ...generalFields,
    },
    "an ownership file is needed: a mapping with the key rules",
  )
  .refine((file) => hasRules(file) || has(file, "include"), {
    path: ["rules"],
    error: NO_RULES,
    when: whereObject,
  })
  .meta({ title: "Ownership of Datadog security findings" });

/** Anything but an empty list: what is no list at all is told by itself. */
function hasRules(file: unknown): boolean {
  if (!has(file, "rules")) return false;
  const rules: unknown = isObject(file) ? Reflect.get(file, "rules") : undefined;
  return !(Array.isArray(rules) && rules.length === 0);
}

/** A file that another one includes: its rules are checked together with all others. */
export const includedFileSchema = z.strictObject(
  { rules: z.array(z.unknown(), RULES).min(1, NO_RULES), people: peopleSchema },
  "a file with rules is needed: a mapping with the key rules",
);

/** What a program declares, or files together. */
export const ownershipInputSchema = z.strictObject(
  { rules: z.array(ruleOf(ownerOfProgram, OWNER_OF_PROGRAM), RULES).min(1, NO_RULES), ...generalFields },
  "an ownership is needed: an object with the key rules",
);
