import { plainErrorAnswer } from "./apiErrors";
import { applyRequest } from "./applyRequest";
import type { Clock } from "./clock";
import { EMULATOR_ORGANISATION_ID, type EmulatorOptions, type FreshData } from "./emulatorOptions";
import {
  type EmulatedRequest,
  type EmulatedResponse,
  LIMITED_FAMILIES,
  type LimitedFamily,
  withHeaders,
} from "./exchange";
import { Faults, faultyResponse } from "./faults";
import type { EmulatedFinding, EmulatedUser } from "./findingModel";
import type { ScriptedProblem } from "./findingScript";
import type { OwnerChange } from "./findingStore";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, EMULATOR_CALLER_ID, Keyring } from "./keyring";
import { logRequest } from "./logRequest";
import { setOwner } from "./ownerSync";
import type { RateLimitOptions } from "./rateLimiter";
import { RateLimits } from "./rateLimits";
import { type LoggedRequest, RequestLog } from "./requestLog";
import { type Route, routeOf } from "./route";
import { seedUsers } from "./seed";
import { type Settings, settingsFrom, valueOf } from "./settings";
import type { EmulatedSchedule, EmulatedTeam } from "./teams/teamModel";
import { TicketControls } from "./ticketControls";
import { wallClock } from "./wallClock";
import { addFindings, createWorld, type World, type WorldSeed } from "./world";

/**
 * One organisation of Datadog, without a socket: `emulatorServer.ts` and `inProcessSend.ts` put it behind
 * one, and `emulatedSite.ts` puts several at one address.
 */
export class Emulator {
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly settings: Settings;
  readonly keys: Keyring;
  /** Cases and their Jira or Linear issues, and which findings share them. */
  readonly tickets: TicketControls;
  onRequest: EmulatorOptions["onRequest"];
  private readonly clock: Clock;
  private readonly limits: RateLimits;
  private readonly seed: WorldSeed;
  private world: World;

  constructor(options: EmulatorOptions = {}) {
    this.clock = options.clock ?? wallClock;
    this.settings = settingsFrom(options);
    this.keys = new Keyring(options.keys ?? [{ apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY }]);
    this.onRequest = options.onRequest;
    this.faults.random = options.randomFaults;
    this.seed = {
      organisationId: options.organisationId ?? EMULATOR_ORGANISATION_ID,
      findings: options.findings ?? [],
      users: options.users ?? seedUsers(),
      teams: options.teams ?? [],
      schedules: options.schedules ?? [],
    };
    this.world = this.createWorld({});
    this.tickets = new TicketControls(() => this.world, EMULATOR_CALLER_ID);
    this.limits = new RateLimits(() => this.clock.now());
    for (const family of LIMITED_FAMILIES) this.setRateLimit(family, options.rateLimits?.[family]);
  }

  async handle(request: EmulatedRequest): Promise<EmulatedResponse> {
    const route = routeOf(request);
    const logged = logRequest(this.requests, request, route, this.clock.now());
    await this.onRequest?.({ phase: "before", request: logged });
    const response = await this.respond(request, route, logged);
    logged.outcome = response.kind === "answer" ? response.status : response.kind;
    await this.onRequest?.({ phase: "after", request: logged });
    if (response.kind === "answer") return withHeaders(response, this.commonHeaders(route));
    if (response.kind === "cut")
      return { kind: "cut", answer: withHeaders(response.answer, this.commonHeaders(route)) };
    return response;
  }

  get organisationId(): string {
    return this.seed.organisationId;
  }

  /** Every finding that exists, hidden ones too, with the UUID of its owner. */
  owners(): Map<string, string | null> {
    return this.world.store.owners();
  }

  ownerOf(findingId: string): string | null {
    return this.world.store.assigneeOf(findingId)?.id ?? null;
  }

  /** Findings whose owner was set through the API by their id, to whomever. */
  get touched(): ReadonlySet<string> {
    return this.world.store.touched;
  }

  /**
   * Every change of an owner since the start or the last restart: through the API, by hand, and through a
   * ticket.
   */
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

  get teams(): readonly EmulatedTeam[] {
    return [...this.world.teams.values()];
  }

  /** Adds a team, or replaces the one of the same id: members who join or leave, another rotation. */
  putTeam(team: EmulatedTeam): void {
    this.world.teams.set(team.id, team);
  }

  removeTeam(teamId: string): void {
    this.world.teams.delete(teamId);
  }

  /** Adds an on-call schedule, or replaces the one of the same id. */
  putSchedule(schedule: EmulatedSchedule): void {
    this.world.schedules.set(schedule.id, schedule);
  }

  /** What a colleague does in Datadog's own pages. */
  reassignByHand(findingId: string, userId: string | null, byUserId = userId ?? EMULATOR_CALLER_ID): void {
    if (userId !== null && !this.world.users.has(userId))
      throw new Error(`no user ${userId} in the emulator`);
    setOwner(this.world, { findingId, assigneeId: userId, callerId: byUserId, by: "hand" });
  }

  addFindings(findings: readonly EmulatedFinding[]): void {
    addFindings(this.world, findings, false);
  }

  /** What a later scan finds: another severity, other tags, a finding that is closed. */
  changeFinding(
    findingId: string,
    attributes: Partial<Pick<EmulatedFinding, "severity" | "status" | "tags">>,
  ): void {
    this.world.store.change(findingId, attributes);
  }

  removeFinding(findingId: string): void {
    this.world.store.setExists(findingId, false);
  }

  restoreFinding(findingId: string): void {
    this.world.store.setExists(findingId, true);
  }

  /** From now on no search shows this finding; it exists, and a PATCH changes it. */
  hideFinding(findingId: string): void {
    this.world.store.setHidden(findingId, true);
  }

  showFinding(findingId: string): void {
    this.world.store.setHidden(findingId, false);
  }

  /**
   * From now on a PATCH of this finding alone is a 403; among others it fails with 403, and the others are
   * changed.
   */
  refuseFinding(findingId: string): void {
    this.world.refused.add(findingId);
  }

  allowFinding(findingId: string): void {
    this.world.refused.delete(findingId);
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
  setRateLimit(family: LimitedFamily, options: RateLimitOptions | undefined): void {
    this.limits.set(family, options);
  }

  /** Other callers of the organisation use up `count` of the current window. */
  consume(family: LimitedFamily, count: number): void {
    this.limits.of(family)?.take(count);
  }

  /** Forgets requests, faults, refusals and scripted problems; findings and their owners stay. */
  reset(): void {
    this.requests.reset();
    this.faults.clear();
    this.world.failures.clear();
    this.world.warnings.clear();
    this.world.refused.clear();
  }

  /**
   * Starts again with the findings, owners, users and teams of the beginning, or with `fresh` ones: every
   * change, ticket, hidden finding, refusal and scripted problem is forgotten. Requests, keys, settings,
   * faults and rate limits stay.
   */
  restart(fresh: FreshData = {}): void {
    this.world = this.createWorld(fresh);
  }

  private createWorld(fresh: FreshData): World {
    return createWorld({ ...this.seed, ...fresh }, this.settings, () => this.clock.now());
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
    const limiter = this.limits.of(route.family);
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
    return { date: new Date(this.clock.now()).toUTCString(), ...this.limits.headers(route.family) };
  }
}
