import type { Clock } from "../../provider/core/clock";
import type { EndpointFamily } from "../../provider/datadog/transport";
import { plainErrorAnswer } from "./apiErrors";
import { applyRequest } from "./applyRequest";
import { setOwner } from "./assignEndpoint";
import { type EmulatedRequest, type EmulatedResponse, withHeaders } from "./exchange";
import { Faults, faultyResponse, type RandomFaults } from "./faults";
import type { EmulatedFinding, EmulatedUser } from "./findingModel";
import { FindingScript, type ScriptedProblem } from "./findingScript";
import { FindingStore, type OwnerChange } from "./findingStore";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, EMULATOR_CALLER_ID, type EmulatedKey, Keyring } from "./keyring";
import { RateLimiter, type RateLimitOptions } from "./rateLimiter";
import { assignmentOf } from "./requestBody";
import { type LoggedRequest, RequestLog, withoutKeys } from "./requestLog";
import { type Route, routeOf } from "./route";
import { seedUsers } from "./seed";
import { SeededRandom } from "./seededRandom";
import { wallClock } from "./wallClock";
import type { Settings, World } from "./world";

/** Before the request takes effect, and after it did, before the answer goes out. */
export interface RequestEvent {
  readonly phase: "before" | "after";
  readonly request: LoggedRequest;
}

export interface EmulatorOptions extends Partial<Settings> {
  /** Default: the real time. */
  readonly clock?: Clock;
  /** Default: none. `seedFindings` makes some. */
  readonly findings?: readonly EmulatedFinding[];
  /** Default: the twelve of `seedUsers()`. */
  readonly users?: readonly EmulatedUser[];
  /** Default: one pair (EMULATOR_API_KEY, EMULATOR_APP_KEY) with all permissions. */
  readonly keys?: readonly EmulatedKey[];
  /** Default: no limits, and no headers of them. */
  readonly rateLimits?: Partial<Record<EndpointFamily, RateLimitOptions>>;
  readonly randomFaults?: RandomFaults;
  readonly onRequest?: (event: RequestEvent) => Promise<void> | void;
}

const DEFAULT_SETTINGS: Settings = {
  missingFindings: "whole-batch-404",
  errorShape: "objects",
  searchLagMs: 0,
  latencyMs: 0,
  maxPageLimit: 150,
  pageCap: Number.POSITIVE_INFINITY,
};

/** Datadog's findings and users endpoints without a socket: `emulatorServer.ts` and `inProcessSend.ts` put it behind one. */
export class Emulator {
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly settings: Settings;
  readonly keys: Keyring;
  onRequest: EmulatorOptions["onRequest"];
  private readonly clock: Clock;
  private readonly world: World;
  private readonly limiters = new Map<EndpointFamily, RateLimiter>();

  constructor(options: EmulatorOptions = {}) {
    this.clock = options.clock ?? wallClock;
    const now = () => this.clock.now();
    this.settings = { ...DEFAULT_SETTINGS, ...settingsOf(options) };
    this.keys = new Keyring(options.keys ?? [{ apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY }]);
    this.onRequest = options.onRequest;
    this.faults.random = options.randomFaults;
    const random = new SeededRandom(42);
    this.world = {
      store: new FindingStore({ now, lagOf: (id) => valueOf(this.settings.searchLagMs, id) }),
      users: new Map((options.users ?? seedUsers()).map((user) => [user.id, user])),
      failures: new FindingScript(),
      warnings: new FindingScript(),
      settings: this.settings,
      now,
      newId: () => random.uuid(),
    };
    this.load(options.findings ?? [], true);
    for (const family of ["assignee", "search", "users"] as const) {
      this.setRateLimit(family, options.rateLimits?.[family]);
    }
  }

  async handle(request: EmulatedRequest): Promise<EmulatedResponse> {
    const route = routeOf(request);
    const logged = this.log(request, route);
    await this.onRequest?.({ phase: "before", request: logged });
    const response = await this.respond(request, route, logged);
    logged.outcome = response.kind === "answer" ? response.status : response.kind;
    await this.onRequest?.({ phase: "after", request: logged });
    if (response.kind === "answer") return withHeaders(response, this.commonHeaders(route));
    if (response.kind === "cut")
      return { kind: "cut", answer: withHeaders(response.answer, this.commonHeaders(route)) };
    return response;
  }

  /** Every finding that exists, with the UUID of its owner. */
  owners(): Map<string, string | null> {
    return this.world.store.owners();
  }

  ownerOf(findingId: string): string | null {
    return this.world.store.assigneeOf(findingId)?.id ?? null;
  }

  /** Findings whose owner was set through the API, to whomever. */
  get touched(): ReadonlySet<string> {
    return this.world.store.touched;
  }

  /** Every change of an owner, through the API and by hand. */
  get ownerChanges(): readonly OwnerChange[] {
    return this.world.store.changes;
  }

  get users(): readonly EmulatedUser[] {
    return [...this.world.users.values()];
  }

  /** Adds a user, or replaces the one of the same id. */
  putUser(user: EmulatedUser): void {
    this.world.users.set(user.id, user);
  }

  removeUser(userId: string): void {
    this.world.users.delete(userId);
  }

  /** What a colleague does in Datadog's own pages. */
  reassignByHand(findingId: string, userId: string | null, byUserId = userId ?? EMULATOR_CALLER_ID): void {
    if (userId !== null && !this.world.users.has(userId))
      throw new Error(`no user ${userId} in the emulator`);
    setOwner(this.world, findingId, userId, byUserId, "hand");
  }

  addFindings(findings: readonly EmulatedFinding[]): void {
    this.load(findings, false);
  }

  removeFinding(findingId: string): void {
    this.world.store.setExists(findingId, false);
  }

  restoreFinding(findingId: string): void {
    this.world.store.setExists(findingId, true);
  }

  /** From now on this finding fails in every batch, or `times` times. */
  failFinding(findingId: string, problem: ScriptedProblem): void {
    this.world.failures.set(findingId, problem);
  }

  /** From now on this finding comes back with a warning, or `times` times; it is changed all the same. */
  warnFinding(findingId: string, problem: ScriptedProblem): void {
    this.world.warnings.set(findingId, problem);
  }

  /** A new limit, whose first window begins now; undefined: none. */
  setRateLimit(family: EndpointFamily, options: RateLimitOptions | undefined): void {
    if (options === undefined) this.limiters.delete(family);
    else
      this.limiters.set(family, new RateLimiter({ name: `emulated_${family}`, ...options }, this.world.now));
  }

  /** Other callers of the organisation use up `count` of the current window. */
  consume(family: EndpointFamily, count: number): void {
    this.limiters.get(family)?.take(count);
  }

  /** Forgets requests, faults and scripted problems; findings and their owners stay. */
  reset(): void {
    this.requests.reset();
    this.faults.clear();
    this.world.failures.clear();
    this.world.warnings.clear();
  }

  private load(findings: readonly EmulatedFinding[], indexed: boolean): void {
    for (const finding of findings) {
      const user = this.world.users.get(finding.assigneeId ?? "");
      const assignee = user && {
        id: user.id,
        name: user.name ?? user.handle,
        updatedAt: finding.detectedAt,
        updatedBy: user.id,
      };
      this.world.store.add(finding, assignee ?? null, indexed);
    }
  }

  private log(request: EmulatedRequest, route: Route): LoggedRequest {
    const { method, path, headers } = request;
    const { family } = route;
    const logged = this.requests.push({
      at: this.clock.now(),
      method,
      path,
      family,
      headers: withoutKeys(headers),
    });
    const assignment = route.endpoint === "assign" ? assignmentOf(request.body) : undefined;
    if (assignment === undefined) return logged;
    logged.findingIds = assignment.relationships.findings.data.map(({ id }) => id);
    logged.assigneeId = assignment.attributes.assignee_id ?? null;
    if (assignment.id !== undefined) logged.requestId = assignment.id;
    return logged;
  }

  private async respond(
    request: EmulatedRequest,
    route: Route,
    logged: LoggedRequest,
  ): Promise<EmulatedResponse> {
    const latency = valueOf(this.settings.latencyMs, undefined);
    const caller = this.keys.authorise(request.headers, route.permission);
    if (caller === undefined) return plainErrorAnswer(403, "Forbidden");
    logged.authorised = true;
    const limiter = route.family === "other" ? undefined : this.limiters.get(route.family);
    if (limiter !== undefined && !limiter.take()) {
      return withHeaders(plainErrorAnswer(429, limiter.message()), limiter.retryAfter());
    }
    const fault = this.faults.next(logged);
    if (latency > 0) await this.clock.sleep(latency);
    const apply = () => applyRequest(this.world, request, route, logged, caller.callerId);
    if (fault === undefined) return apply();
    logged.fault = fault.kind;
    return faultyResponse(fault, apply, this.clock);
  }

  private commonHeaders(route: Route) {
    const limiter = route.family === "other" ? undefined : this.limiters.get(route.family);
    return { date: new Date(this.clock.now()).toUTCString(), ...limiter?.headers() };
  }
}

function settingsOf(options: EmulatorOptions): Partial<Settings> {
  const names = [
    "missingFindings",
    "errorShape",
    "searchLagMs",
    "latencyMs",
    "maxPageLimit",
    "pageCap",
  ] as const;
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
}

function valueOf<T>(setting: number | ((argument: T) => number), argument: T): number {
  return typeof setting === "number" ? setting : setting(argument);
}
