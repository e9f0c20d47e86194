import { z } from "zod";
import type { OwnershipDeclaration } from "../rules/declaration";
import type { DeclaredOwners } from "../rules/declaredOwners";
import { type LintOptions, lintOwnership, type OwnershipProblem } from "../rules/lintOwnership";
import { type DocumentPath, formatPath, valueAt } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";
import { ownershipFileSchema, ownershipInputSchema } from "./ownershipSchema";
import { schemaProblems } from "./schemaProblems";

export interface CheckedOwnership {
  /** undefined where the declaration is not as the schema wants it: there are errors then. */
  readonly declaration: OwnershipDeclaration | undefined;
  readonly errors: readonly DocumentProblem[];
  /** What may be meant so, but is probably not: no fallback rule, `or` for OR. */
  readonly warnings: readonly DocumentProblem[];
}

/**
 * Checks a declaration of any origin: its shape, then what the shape cannot say, and tells all problems at
 * once.
 * @param options `handles: false` for files, whose owners are e-mails or UUIDs; true for programs (default)
 */
export function checkOwnership(content: unknown, options: LintOptions): CheckedOwnership {
  const { handles = true } = options;
  const schema = handles ? ownershipInputSchema : ownershipFileSchema;
  const parsed = schema.safeParse(content);
  const wrong = parsed.success ? [] : schemaProblems(parsed.error, content, Object.keys(schema.shape));
  const declaration = parsed.success ? parsed.data : undefined;
  const lint = lintOwnership(declaration ?? readable(content), { ...options, handles });
  return {
    declaration,
    errors: [...wrong, ...lint.filter((each) => each.severity === "error" && !saidBy(wrong, each))],
    warnings: lint.filter(({ severity }) => severity === "warning"),
  };
}

/** Whether the schema says the same already: one message for each place. */
function saidBy(wrong: readonly DocumentProblem[], { code, path }: OwnershipProblem): boolean {
  if (code === "emptyRules") return true;
  const place = formatPath(path);
  return wrong.some((each) => formatPath(each.path) === place);
}

/**
 * What can be linted of a document that is not as the schema wants it, so that all problems are told at once.
 */
function readable(content: unknown): OwnershipDeclaration {
  const text = (path: DocumentPath) => {
    const value = valueAt(content, path);
    return typeof value === "string" && value.trim() !== "" ? value : undefined;
  };
  const rules = valueAt(content, ["rules"]);
  return {
    scope: text(["scope"]),
    rules: (Array.isArray(rules) ? rules : []).map((_, index) => ({
      name: text(["rules", index, "name"]) ?? `\0${index}`,
      query: text(["rules", index, "query"]) ?? `"\0${index}"`,
      ...readableOwners(valueAt(content, ["rules", index])),
      enabled: valueAt(content, ["rules", index, "enabled"]) !== false,
    })),
  };
}

const ownersSchema = z.object({
  assignee: z.string().optional(),
  assignees: z
    .array(z.union([z.string(), z.object({ assignee: z.string(), weight: z.number().optional() })]))
    .optional(),
  pick: z.enum(["spread", "first"]).optional(),
  handOver: z.enum(["keep", "move"]).optional(),
});

const SOMEBODY: DeclaredOwners = { assignee: "somebody@example.com" };

/** Owners are linted only as the schema wants them: of others it tells what is wrong. */
function readableOwners(rule: unknown): DeclaredOwners {
  const { data } = ownersSchema.safeParse(rule);
  return data && (data.assignee !== undefined || data.assignees) ? data : SOMEBODY;
}
