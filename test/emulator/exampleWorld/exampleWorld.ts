import type { EmulatedFinding, EmulatedUser } from "../findingModel";
import { seedFindings } from "../seed";
import type { EmulatedSchedule, EmulatedTeam } from "../teams/teamModel";
import { EXAMPLE_TEAMS, exampleSchedules, exampleTeams } from "./exampleTeams";
import { exampleUsers } from "./exampleUsers";

export interface ExampleWorldOptions {
  /** How many findings there are beside `findingIds`. Default 1,000. */
  readonly count?: number;
  /** Default 1. The same options give the same world. */
  readonly seed?: number;
  /** Ids that programs name, as `examples/quickstart` does. Default: none. */
  readonly findingIds?: readonly string[];
}

export interface ExampleWorld {
  readonly findings: readonly EmulatedFinding[];
  readonly users: readonly EmulatedUser[];
  readonly teams: readonly EmulatedTeam[];
  readonly schedules: readonly EmulatedSchedule[];
}

/**
 * How many of the newest findings a colleague has taken by hand, and how many are left with somebody who is
 * gone.
 */
const BY_HAND = 14;
const LEFT_BEHIND = 20;

/** An organisation in which every example can be deployed as it is: an Emulator takes it as its options. */
export function exampleWorld(options: ExampleWorldOptions = {}): ExampleWorld {
  const { count = 1_000, seed = 1, findingIds = [] } = options;
  const people = exampleUsers();
  const teams = exampleTeams(people);
  const busiest = EXAMPLE_TEAMS.slice(0, 6);
  const tags = [...EXAMPLE_TEAMS, ...Array.from({ length: 6 }, () => busiest).flat()];
  const seeded = seedFindings({ count, seed, teams: tags });
  const [colleague] = people.engineers;
  const owned = seeded.map((finding, index) => {
    const owner = index < BY_HAND ? colleague : index < BY_HAND + LEFT_BEHIND ? people.leaver : undefined;
    return owner === undefined ? finding : { ...finding, assigneeId: owner.id };
  });
  const named = seedFindings({ count: findingIds.length, seed: seed + 1, teams: busiest });
  return {
    findings: [
      ...owned,
      ...named.map((finding, index) => ({ ...finding, id: findingIds[index] ?? finding.id })),
    ],
    users: [...people.others, ...people.leads.values(), ...people.engineers, people.leaver, people.invited],
    teams,
    schedules: exampleSchedules(teams),
  };
}
