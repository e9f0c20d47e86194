export interface OwnershipFileProblem {
  readonly file: string;
  /** From 1; 0 for a file that cannot be read. */
  readonly line: number;
  /** From 1; 0 for a file that cannot be read. */
  readonly column: number;
  /** As programs write it: `rules[2].assignee`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** An ownership file that cannot be used, with all that is wrong in it, in the order of its lines. */
export class OwnershipFileError extends Error {
  override readonly name = "OwnershipFileError";

  constructor(readonly problems: readonly OwnershipFileProblem[]) {
    super(problems.map(formatProblem).join("\n"));
  }
}

/** `ownership.yaml:7:12 rules[2].asignee: unknown key "asignee"; did you mean "assignee"?` */
export function formatProblem({ file, line, column, path, message }: OwnershipFileProblem): string {
  const place = line === 0 ? `${file}: ` : `${file}:${line}:${column} `;
  return `${place}${path === "" ? "" : `${path}: `}${message}`;
}
