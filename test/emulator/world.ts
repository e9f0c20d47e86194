import type { EmulatedFinding, EmulatedUser } from "./findingModel";
import { FindingScript } from "./findingScript";
import { FindingStore } from "./findingStore";
import { SeededRandom } from "./seededRandom";
import { type Settings, valueOf } from "./settings";
import type { EmulatedSchedule, EmulatedTeam } from "./teams/teamModel";
import { TicketStore } from "./ticketStore";

/** The data of an organisation: what a restart makes anew, and what the endpoints work on. */
export interface World {
  readonly organisationId: string;
  readonly store: FindingStore;
  readonly users: Map<string, EmulatedUser>;
  readonly teams: Map<string, EmulatedTeam>;
  readonly schedules: Map<string, EmulatedSchedule>;
  readonly tickets: TicketStore;
  readonly failures: FindingScript;
  readonly warnings: FindingScript;
  /** Findings that the keys may not change. */
  readonly refused: Set<string>;
  readonly settings: Settings;
  readonly now: () => number;
  readonly newId: () => string;
}

/** What an organisation starts with. */
export interface WorldSeed {
  readonly organisationId: string;
  readonly findings: readonly EmulatedFinding[];
  readonly users: readonly EmulatedUser[];
  readonly teams: readonly EmulatedTeam[];
  readonly schedules: readonly EmulatedSchedule[];
}

export function createWorld(seed: WorldSeed, settings: Settings, now: () => number): World {
  const random = new SeededRandom(42);
  const newId = () => random.uuid();
  const tickets = new TicketStore(newId);
  const store = new FindingStore({
    now,
    lagOf: (id) => valueOf(settings.searchLagMs, id),
    ticketOf: (id) => tickets.ofFinding(id),
  });
  const reportedId = (findingId: string) => settings.idInProblems(findingId);
  const world: World = {
    organisationId: seed.organisationId,
    store,
    users: byId(seed.users),
    teams: byId(seed.teams),
    schedules: byId(seed.schedules),
    tickets,
    failures: new FindingScript(reportedId),
    warnings: new FindingScript(reportedId),
    refused: new Set(),
    settings,
    now,
    newId,
  };
  addFindings(world, seed.findings, true);
  return world;
}

/** @param indexed whether the search knows them at once, or after the lag */
export function addFindings(world: World, findings: readonly EmulatedFinding[], indexed: boolean): void {
  for (const finding of findings) {
    const user = world.users.get(finding.assigneeId ?? "");
    const name = user?.name ?? user?.handle ?? "";
    const assignee = user && {
      id: user.id,
      name,
      updatedAt: finding.detectedAt,
      updatedBy: user.id,
      updatedByName: name,
    };
    world.store.add(finding, assignee ?? null, indexed);
  }
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
