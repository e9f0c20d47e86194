import assert from "node:assert/strict";
import {
  type EmulatedFinding,
  type EmulatedTeam,
  type EmulatorOptions,
  type OnCall,
  type Permission,
  seedFindings,
  seedUsers,
} from "../emulator";
import { OwnershipStack } from "./ownershipStack";

type Options = Partial<Omit<EmulatorOptions, "findings" | "users">> & {
  /** How many; default 300. */
  readonly findings?: number;
  /** How many; default 12. */
  readonly users?: number;
};

const HOUR_MS = 3_600_000;

/** An organisation of users and teams, by the numbers of its users, and rules that are deployed in it. */
export class OwnersStack extends OwnershipStack {
  readonly ids: readonly string[];
  readonly findings: readonly EmulatedFinding[];

  constructor({ findings = 300, users = 12, ...options }: Options = {}) {
    const seeded = seedFindings({ count: findings });
    super(seeded, { users: seedUsers({ count: users }), ...options });
    this.findings = seeded;
    this.ids = this.emulator.users.map(({ id }) => id);
  }

  user(index: number): string {
    return this.ids[index] ?? "";
  }

  mail(index: number): string {
    return this.emulator.users[index]?.email ?? "";
  }

  /** Puts a team, or replaces its members and who is on call. */
  team(handle: string, members: readonly number[], onCall: readonly number[] = []): EmulatedTeam {
    return this.#put(
      handle,
      members,
      onCall.map((index) => this.user(index)),
    );
  }

  /** As `team`, with shifts of some users one after another, of an hour each from now on. */
  rotation(
    handle: string,
    members: readonly number[],
    shifts: readonly (readonly number[])[],
    { shiftMs = HOUR_MS, startsAt = this.clock.now() } = {},
  ): EmulatedTeam {
    const users = shifts.map((shift) => shift.map((index) => this.user(index)));
    return this.#put(handle, members, { shifts: users, shiftMs, startsAt });
  }

  disable(index: number, disabled = true): void {
    const user = this.emulator.users.find(({ id }) => id === this.user(index));
    assert.ok(user);
    this.emulator.putUser({ ...user, disabled });
  }

  /** How many findings each user has, by number; nobody's are under `nobody`. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const owner of this.emulator.owners().values()) {
      const key = owner === null ? "nobody" : String(this.ids.indexOf(owner));
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  /** Ids of the findings of a user, sorted; of nobody with null. */
  held(index: number | null): string[] {
    const owner = index === null ? null : this.user(index);
    return [...this.emulator.owners()]
      .filter(([, each]) => each === owner)
      .map(([id]) => id)
      .sort();
  }

  permit(...permissions: readonly Permission[]): void {
    this.emulator.keys.permit(...permissions);
  }

  /** Long enough for the search to show everything, and for the rules to trust it. */
  settle(): Promise<void> {
    return this.wait(20 * 60_000);
  }

  #put(handle: string, members: readonly number[], onCall: OnCall): EmulatedTeam {
    const known = this.emulator.teams.find((team) => team.handle === handle);
    const number = String(this.emulator.teams.length + 1).padStart(12, "0");
    const team: EmulatedTeam = {
      id: known?.id ?? `7ea00000-0000-4000-8000-${number}`,
      handle,
      name: `Team ${handle}`,
      memberIds: members.map((index) => this.user(index)),
      onCall,
    };
    this.emulator.putTeam(team);
    return team;
  }
}
