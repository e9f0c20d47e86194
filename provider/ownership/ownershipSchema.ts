import { z } from "zod";
import { isOwnerAddress, noOwnerMessage, OWNER_PATTERN } from "../core/ownership/ownerAddress";

/*
 * The fields of an ownership file. What is said here goes into the JSON schema, and so into editors: `description` shows while
 * writing, and the message of each check says what would be right.
 */

const text = (needed: string) => z.string(needed).regex(/\S/, needed);

const QUERY = "a query in Datadog's search syntax is needed, like team:platform; * matches everything";

export const ruleSchema = z
  .strictObject(
    {
      name: text("a name is needed, like payments").meta({
        description: "The rule's name, unique in this file. A renamed rule is a new one.",
        examples: ["payments"],
      }),
      query: text(QUERY).meta({
        description:
          "Which findings, in Datadog's search syntax. Attributes take an @, tags do not; juxtaposition is AND; * matches " +
          "everything. Put it in quotes: YAML does not allow a text to begin with @ or *.",
        examples: ["@severity:(critical OR high) team:payments", "*"],
      }),
      assignee: z
        .string("an owner is needed: the e-mail or UUID of a Datadog user")
        .regex(new RegExp(OWNER_PATTERN), { error: (issue) => noOwnerMessage(String(issue.input), false) })
        .meta({
          description: "Who owns them: the e-mail or UUID of a Datadog user.",
          examples: ["payments-lead@example.com"],
        }),
      overwrite: z
        .boolean("true or false is needed")
        .default(false)
        .meta({
          description:
            "false (default): takes findings that nobody owns, and leaves alone what a person gave to somebody else. " +
            "true: takes every match.",
        }),
      note: z.string("a text is needed").optional().meta({ description: "Why this rule is there." }),
    },
    "a rule is needed, with name, query and assignee",
  )
  .meta({ description: "Gives the findings that match a query, and no rule before it, to a user." });

export const ownershipFileSchema = z
  .strictObject(
    {
      rules: z
        .array(ruleSchema, "a list of rules is needed, each with name, query and assignee")
        .min(1, "there are no rules: declare one at least, with name, query and assignee")
        .meta({ description: "In order: the first rule that matches a finding decides who owns it." }),
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
      onDelete: z.enum(["unassign", "keep"], "unassign or keep is needed").default("unassign").meta({
        description:
          "What a delete does with findings that match a rule and still belong to its owner: release them (default), or not.",
      }),
      releaseRemoved: z.boolean("true or false is needed").default(false).meta({
        description:
          "Whether a rule that is taken out of the list releases the findings that no other rule claims. Default false.",
      }),
    },
    "an ownership file is needed: a mapping with the key rules",
  )
  .meta({ title: "Ownership of Datadog security findings" });

/** The same fields as a program declares them: there an owner may be a handle as well. */
export const ownershipInputSchema = ownershipFileSchema.extend({
  rules: z
    .array(
      ruleSchema.extend({
        assignee: z
          .string("an owner is needed: the e-mail, UUID or handle of a Datadog user")
          .refine((assignee) => isOwnerAddress(assignee, true), {
            error: (issue) => noOwnerMessage(String(issue.input), true),
          }),
      }),
      "a list of rules is needed, each with name, query and assignee",
    )
    .min(1, "there are no rules: declare one at least, with name, query and assignee"),
});
