/**
 * Datadog's findings API, as far as this package uses it, without Datadog.
 *
 *     const { url, emulator, close } = await startEmulator({ findings: seedFindings({ count: 250 }) });
 *     // point a client at `url` with EMULATOR_API_KEY and EMULATOR_APP_KEY
 *     emulator.faults.push({ kind: "status", status: 503, match: { family: "assignee", nth: 2 } });
 *     emulator.requests.count("assignee"), emulator.owners(), emulator.touched
 *
 * Or without sockets and in virtual time:
 *
 *     const clock = new SimulatedClock();
 *     const emulator = new Emulator({ clock, findings, searchLagMs: 30_000, latencyMs: 200 });
 *     const send = inProcessSend(emulator);
 *     await clock.run(work(send, clock));
 *
 * What Datadog may do beside it:
 *
 *     emulator.hideFinding(id), refuseFinding(id), failFinding(id, { status: 400, reportedAs: "another id" })
 *     Object.assign(emulator.settings, { updatedAtForm: "iso", nobodyForm: "without-id", hasOnCall: false })
 *     emulator.tickets.attach(emulator.tickets.create({ system: "jira" }).id, ids)
 *     emulator.putTeam({ ...team, memberIds, onCall: { shifts: [[ada], [ben]], shiftMs, startsAt } })
 *     emulator.restart()
 *
 * `new EmulatedSite([ours, theirs])` is two organisations at one address, `new SkewedClock(clock, -600_000)`
 * a client whose clock is 10 minutes slow, and `new Emulator(exampleWorld())` has all that the examples name.
 */
export type { ErrorShape } from "./apiErrors";
export type { NobodyForm, UpdatedAtForm } from "./assigneeForm";
export type { Clock } from "./clock";
export { EmulatedSite } from "./emulatedSite";
export { Emulator } from "./emulator";
export {
  EMULATOR_ORGANISATION_ID,
  type EmulatorOptions,
  type FreshData,
  type RequestEvent,
} from "./emulatorOptions";
export {
  type EmulatorServer,
  type EmulatorServerOptions,
  type ListeningServer,
  type ListenOptions,
  startEmulator,
  startSite,
} from "./emulatorServer";
export { EXAMPLE_TEAMS, LEGACY_TEAM, NIGHT_TEAM } from "./exampleWorld/exampleTeams";
export { type ExampleWorld, type ExampleWorldOptions, exampleWorld } from "./exampleWorld/exampleWorld";
export type {
  Answer,
  EmulatedRequest,
  EmulatedResponse,
  Family,
  HeaderMap,
  LimitedFamily,
  RequestHandler,
} from "./exchange";
export type { Fault, FaultKind, FaultMatch, Faults, RandomFaults } from "./faults";
export type { EmulatedAssignee, EmulatedFinding, EmulatedUser } from "./findingModel";
export type { ScriptedProblem } from "./findingScript";
export type { OwnerChange } from "./findingStore";
export { ConnectionError, type InProcessSendOptions, inProcessSend } from "./inProcessSend";
export {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  EMULATOR_CALLER_ID,
  type EmulatedKey,
  type Permission,
} from "./keyring";
export { type CompiledQuery, compileQuery } from "./query/queryPredicate";
export { QuerySyntaxError } from "./query/queryTokens";
export type { RateLimitOptions } from "./rateLimiter";
export type { Consequence, LogFilter, LoggedRequest, RequestLog } from "./requestLog";
export { type SeedFindingsOptions, type SeedUsersOptions, seedFindings, seedUsers, TEAMS } from "./seed";
export { SeededRandom } from "./seededRandom";
export type { Settings } from "./settings";
export { SimulatedClock } from "./simulatedClock";
export { SkewedClock } from "./skewedClock";
export {
  type EmulatedSchedule,
  type EmulatedTeam,
  type OnCall,
  type Rotation,
  type Shift,
  shiftAt,
} from "./teams/teamModel";
export type { TicketControls, TicketOptions } from "./ticketControls";
export type { EmulatedTicket, TicketSystem } from "./ticketStore";
export { wallClock } from "./wallClock";
