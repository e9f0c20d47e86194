import type { DocumentPath } from "./documentPath";

/** What is wrong with a document, and where in it. */
export interface DocumentProblem {
  readonly path: DocumentPath;
  readonly message: string;
  /** Whether it is about the key, not the value. */
  readonly atKey?: boolean;
  /** Of a text: where in it, in UTF-16 code units from 0. */
  readonly offset?: number;
}
