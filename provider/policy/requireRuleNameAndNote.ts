import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { type Declared, type DeclaredRule, declaredOwnership, known, rulesOf, ruleTitle } from "./declared";
import { unknown } from "./knownValues";
import type { PolicyOptions } from "./policyOptions";
import { policySettings } from "./policySettings";

const NEEDED = "a regular expression is needed, like SEC-[0-9]+";

const settingsSchema = z.strictObject({
  notePattern: z
    .string(NEEDED)
    .refine(isPattern, NEEDED)
    .optional()
    .describe("A regular expression that every note must match, such as a ticket number."),
});

export interface RequireRuleNameAndNoteOptions extends PolicyOptions {
  /**
   * A regular expression (JavaScript's) that every note must match, such as `"SEC-\\d+"`. Default: any text
   * will do.
   */
  readonly notePattern?: string | undefined;
}

/**
 * Every rule of a `FindingsOwnership` has a name and a note.
 *
 * Use it so that previews and reports speak of rules by name, and that a reader finds out why a rule is
 * there. Blanks alone are neither.
 */
export function requireRuleNameAndNote(
  options: RequireRuleNameAndNoteOptions = {},
): ResourceValidationPolicy {
  const { base, settings } = policySettings(
    {
      name: "findings-rule-name-and-note",
      displayName: "Ownership rules explain themselves",
      description: "A rule of an ownership must have a name and a note.",
      severity: "low",
    },
    settingsSchema,
    options,
  );
  return {
    ...base,
    validateResource: (args, reportViolation) => {
      const { notePattern } = settings(args);
      const ownership = declaredOwnership(args);
      for (const placed of ownership ? rulesOf(ownership) : []) {
        const title = `In ownership "${args.name}", ${ruleTitle(placed)} (${queryOf(placed.rule)})`;
        for (const problem of problems(placed.rule, notePattern)) reportViolation(`${title} ${problem}`);
      }
    },
  };
}

function problems({ name, note }: DeclaredRule, notePattern: string | undefined): string[] {
  const mismatch = isText(note) && notePattern !== undefined && !new RegExp(notePattern).test(note);
  return [
    ...(isMissing(name) ? ["has no name. Name it after who or what it is for."] : []),
    ...(isMissing(note) ? ["has no note. Say in `note` why it is there."] : []),
    ...(mismatch ? [`has the note "${note}", which does not match ${notePattern}. Complete the note.`] : []),
  ];
}

const isMissing = (text: Declared<string>) => text !== unknown && (text ?? "").trim() === "";
const isText = (text: Declared<string>): text is string => text !== unknown && !isMissing(text);

const queryOf = ({ query }: DeclaredRule) =>
  query === unknown ? "query not known yet" : `query "${known(query, "")}"`;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
