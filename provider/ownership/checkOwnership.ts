import { type LintOptions, lintOwnership, type OwnershipProblem } from "../core/ownership/lintOwnership";
import { type OwnershipSpec, ownershipSpec } from "../core/ownership/rule";
import { type DocumentPath, formatPath, valueAt } from "./documentPath";
import { ownershipFileSchema, ownershipInputSchema } from "./ownershipSchema";
import { type DocumentProblem, schemaProblems } from "./schemaProblems";

export interface CheckedOwnership {
  /** undefined where the declaration is not as the schema wants it: there are errors then. */
  readonly spec: OwnershipSpec | undefined;
  readonly errors: readonly DocumentProblem[];
  /** What may be meant so, but is probably not: no fallback rule, `or` for OR. */
  readonly warnings: readonly DocumentProblem[];
}

/**
 * Checks a declaration of any origin: its shape, then what the shape cannot say, and tells all problems at once.
 * @param options `handles: false` for a file, whose owners are e-mails or UUIDs; true for programs (default)
 */
export function checkOwnership(content: unknown, { handles = true }: LintOptions = {}): CheckedOwnership {
  const parsed = (handles ? ownershipInputSchema : ownershipFileSchema).safeParse(content);
  const wrong = parsed.success ? [] : schemaProblems(parsed.error, content);
  const spec = parsed.success ? ownershipSpec(parsed.data) : undefined;
  const lint = lintOwnership(spec ?? readable(content), { handles });
  return {
    spec,
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

/** What can be linted of a document that is not as the schema wants it, so that all problems are told at once. */
function readable(content: unknown): OwnershipSpec {
  const text = (path: DocumentPath, otherwise: string) => {
    const value = valueAt(content, path);
    return typeof value === "string" && value.trim() !== "" ? value : otherwise;
  };
  const rules = valueAt(content, ["rules"]);
  const scope = text(["scope"], "");
  return ownershipSpec({
    scope,
    rules: (Array.isArray(rules) ? rules : []).map((_, index) => ({
      name: text(["rules", index, "name"], `\0${index}`),
      query: text(["rules", index, "query"], `"\0${index}"`),
      assignee: text(["rules", index, "assignee"], "somebody@example.com"),
    })),
  });
}
