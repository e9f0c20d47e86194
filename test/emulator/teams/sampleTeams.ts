import { seedUsers } from "../seed";
import type { EmulatedTeam } from "./teamModel";

// For tests: a small team, one whose members are several pages, and one without members.

export const users = seedUsers({ count: 23 });
export const userIds = users.map(({ id }) => id);

function team(number: number, handle: string, memberIds: readonly string[]): EmulatedTeam {
  return { id: `7ea00000-0000-4000-8000-00000000000${number}`, handle, name: `Team ${handle}`, memberIds };
}

export const payments = team(1, "payments", userIds.slice(0, 3));
export const platform = team(2, "platform", userIds);
export const empty = team(3, "payments-legacy", []);
export const teams = [payments, platform, empty];
