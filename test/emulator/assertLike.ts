import assert from "node:assert/strict";
import { type Called, call } from "./callEmulator";
import type { Emulator } from "./emulator";
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

/** A GET is answered with this status, and with a body that says so. */
export async function assertRefused(
  emulator: Emulator,
  path: string,
  status: number,
  text: RegExp,
): Promise<void> {
  const answer = await call(emulator, "GET", path);
  assert.equal(answer.status, status);
  assert.match(JSON.stringify(answer.body), text);
}
