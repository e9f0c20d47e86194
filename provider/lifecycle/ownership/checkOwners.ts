import { z } from "zod";
import type { OwnershipSpec } from "../../core/ownership/rule";
import { UserLookupError } from "../../datadog/errors/userLookupError";
import type { CheckFailure } from "../checkFailures";
import type { Session } from "../session";
import { RuleError, ruleFailure } from "./ruleError";

const oldInputs = z.object({ rules: z.array(z.object({ assignee: z.string() })) });

/**
 * Asks for the owners that are new, so that one who does not exist is told as any other mistake in the rules. Whatever else keeps
 * them from being looked up is told by what needs them.
 * @throws RuleError that names the rules
 */
export async function checkOwners(
  session: Session,
  olds: Readonly<Record<string, unknown>>,
  { rules }: OwnershipSpec,
): Promise<void> {
  const parsed = oldInputs.safeParse(olds);
  const known = new Set(parsed.data?.rules.map(({ assignee }) => assignee.toLowerCase()));
  const failures = await Promise.all(
    rules.map(async ({ name, assignee }, index): Promise<readonly CheckFailure[]> => {
      if (known.has(assignee.toLowerCase())) return [];
      try {
        await resolveOwner(session, index, name, assignee);
      } catch (error) {
        if (error instanceof RuleError) return error.failures;
      }
      return [];
    }),
  );
  if (failures.flat().length > 0) throw new RuleError(failures.flat());
}

/** @throws RuleError where there is no such user */
export async function resolveOwner(
  session: Session,
  index: number,
  ruleName: string,
  assignee: string,
): Promise<string> {
  try {
    return await session.assignees.resolve(assignee);
  } catch (error) {
    if (!(error instanceof UserLookupError)) throw error;
    throw new RuleError([ruleFailure(index, ruleName, "assignee", error.message)], { cause: error });
  }
}
