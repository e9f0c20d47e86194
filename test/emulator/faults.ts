import { plainErrorAnswer, titleOf } from "./apiErrors";
import type { Clock } from "./clock";
import { type Answer, bodyText, type EmulatedResponse, type Family, type HeaderMap } from "./exchange";
import type { LoggedRequest } from "./requestLog";

/** What goes wrong. `apply: true`: the request took effect all the same (default: it did not). */
export type FaultKind =
  /** Any answer; without a body, the usual `{errors:[...]}`. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: HeaderMap;
      readonly body?: string;
      readonly apply?: boolean;
    }
  /** The connection is reset before the request took effect. */
  | { readonly kind: "reset" }
  /** The request takes effect, then the connection is reset. */
  | { readonly kind: "applied-but-answer-lost" }
  /** No answer ever. */
  | { readonly kind: "hang"; readonly apply?: boolean }
  /**
   * A 200 or 202 that is not what it should be. The `cut-` ones cut the real answer, so the request took
   * effect.
   */
  | {
      readonly kind: "garbage";
      readonly format: "html" | "binary" | "empty" | "cut-json" | "cut-connection";
      readonly apply?: boolean;
    }
  /** Default: a 307 to a port where nobody listens. */
  | { readonly kind: "redirect"; readonly location?: string; readonly status?: number }
  /** A well-formed 200 of at least so many bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** Answers rightly, after `ms` more on the emulator's clock. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Answers with what `change` makes of the right answer; the request took effect. */
  | { readonly kind: "tamper"; readonly change: (answer: Answer) => Answer };

export interface FaultMatch {
  readonly family?: Family;
  readonly method?: string;
  /**
   * From 1: the first request to hit, among those that match and come after the fault was pushed. Default 1.
   */
  readonly nth?: number;
  readonly when?: (request: LoggedRequest) => boolean;
}

export type Fault = FaultKind & {
  readonly match?: FaultMatch;
  /** How many requests it hits, from the nth on. Default 1; Infinity for all. */
  readonly times?: number;
};

/** A source of faults that is asked when no pushed one hits. */
export type RandomFaults = (request: LoggedRequest) => FaultKind | undefined;

interface Pushed {
  readonly fault: Fault;
  seen: number;
  left: number;
}

/**
 * The faults that are still to come. Only requests that are authorised and within the rate limit meet them;
 * others are neither hit nor counted.
 */
export class Faults {
  /** Asked when no pushed fault hits. */
  random: RandomFaults | undefined;
  private pushed: Pushed[] = [];

  push(...faults: readonly Fault[]): void {
    for (const fault of faults) this.pushed.push({ fault, seen: 0, left: fault.times ?? 1 });
  }

  /** Ends all faults, the random ones too. */
  clear(): void {
    this.pushed = [];
    this.random = undefined;
  }

  /** How many pushed faults have hits left. */
  get pending(): number {
    return this.pushed.filter(({ left }) => left > 0).length;
  }

  next(request: LoggedRequest): FaultKind | undefined {
    let hit: Fault | undefined;
    for (const pushed of this.pushed) {
      if (!matches(pushed.fault.match, request)) continue;
      pushed.seen += 1;
      if (hit !== undefined || pushed.left <= 0 || pushed.seen < (pushed.fault.match?.nth ?? 1)) continue;
      pushed.left -= 1;
      hit = pushed.fault;
    }
    return hit ?? this.random?.(request);
  }
}

function matches(match: FaultMatch | undefined, request: LoggedRequest): boolean {
  if (match === undefined) return true;
  if (match.family !== undefined && match.family !== request.family) return false;
  if (match.method !== undefined && match.method !== request.method) return false;
  return match.when?.(request) ?? true;
}

/** The answer under a fault; `apply` lets the request take effect and gives the right answer. */
export async function faultyResponse(
  fault: FaultKind,
  apply: () => Answer,
  clock: Clock,
): Promise<EmulatedResponse> {
  if ("apply" in fault && fault.apply === true && fault.kind !== "garbage") apply();
  switch (fault.kind) {
    case "status":
      return statusAnswer(fault.status, fault.headers ?? {}, fault.body);
    case "reset":
      return { kind: "reset" };
    case "applied-but-answer-lost":
      apply();
      return { kind: "reset" };
    case "hang":
      return { kind: "hang" };
    case "garbage":
      return garbage(fault.format, fault.apply === true, apply);
    case "redirect":
      return statusAnswer(
        fault.status ?? 307,
        { location: fault.location ?? "http://127.0.0.1:1/elsewhere" },
        "",
      );
    case "huge":
      return textAnswer("application/json", `{"data":[],"padding":"${"x".repeat(fault.bytes)}"}`);
    case "slow":
      await clock.sleep(fault.ms);
      return apply();
    case "tamper":
      return fault.change(apply());
  }
}

function statusAnswer(status: number, headers: HeaderMap, body: string | undefined): Answer {
  const usual = plainErrorAnswer(status, titleOf(status));
  return { ...usual, headers: { ...usual.headers, ...headers }, body: body ?? usual.body };
}

function textAnswer(contentType: string, body: string | Uint8Array): Answer {
  return { kind: "answer", status: 200, headers: { "content-type": contentType }, body };
}

const HTML =
  "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Captive portal</h1></body></html>\n";

function garbage(
  format: Extract<FaultKind, { kind: "garbage" }>["format"],
  applies: boolean,
  apply: () => Answer,
): EmulatedResponse {
  if (format === "cut-connection") return { kind: "cut", answer: apply() };
  if (format === "cut-json") {
    const answer = apply();
    const text = bodyText(answer);
    return { ...answer, body: text.slice(0, Math.floor(text.length / 2)) };
  }
  if (applies) apply();
  if (format === "html") return textAnswer("text/html; charset=utf-8", HTML);
  if (format === "empty") return textAnswer("application/json", "");
  return textAnswer(
    "application/octet-stream",
    Uint8Array.from({ length: 512 }, (_, index) => (index * 131) % 256),
  );
}
