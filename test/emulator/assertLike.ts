import assert from "node:assert/strict";
import type { Called } from "./callEmulator";
import { shapeDifferences } from "./shape";

export interface Recording {
  readonly response: {
    readonly status: number;
    readonly headers: { readonly "content-type": string };
    readonly body: unknown;
  };
}

/**
 * An answer has the status and the content type of the first recording, and a body of the same shape as all.
 */
export function assertLike(
  called: Called,
  recordings: readonly Recording[],
  additions: readonly string[] = [],
): void {
  const [first] = recordings;
  assert.equal(called.status, first?.response.status);
  assert.equal(called.headers["content-type"], first?.response.headers["content-type"]);
  const bodies = recordings.map(({ response }) => response.body);
  assert.deepEqual(shapeDifferences(called.body, bodies, additions), []);
}
