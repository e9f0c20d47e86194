/** What makes a file no YAML. */
export interface SyntaxProblem {
  /** Into the file, in UTF-16 code units from 0. */
  readonly offset: number;
  readonly message: string;
}
