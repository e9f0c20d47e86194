import type { EmulatedUser } from "../findingModel";
import { seedUsers } from "../seed";
import { SeededRandom } from "../seededRandom";
import { EXAMPLE_TEAMS } from "./exampleTeams";

/** Owners of the examples who are nobody's lead, by the name before `@example.com`. */
const DUTIES = ["platform-oncall", "security-duty", "incident-lead"];

/** The two users whom `examples/quickstart` declares by their UUIDs. */
const QUICKSTART: readonly (readonly [id: string, name: string])[] = [
  ["f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0", "Pat Payments"],
  ["9919ec9b-ebc7-49ee-8dc8-03626e717cca", "Lee Platform"],
];

export interface ExampleUsers {
  /** By the handle of their team: `payments-lead@example.com` and so on. */
  readonly leads: ReadonlyMap<string, EmulatedUser>;
  /** Two for each team: `ada.moreau@example.com` and so on. */
  readonly engineers: readonly EmulatedUser[];
  /** Whom the examples name beside the leads. */
  readonly others: readonly EmulatedUser[];
  /** `former-lead@example.com`, who is disabled and still has findings. */
  readonly leaver: EmulatedUser;
  /** `new-hire@example.com`, who is invited and has never logged in. */
  readonly invited: EmulatedUser;
}

export function exampleUsers(): ExampleUsers {
  const random = new SeededRandom(1_717);
  const named = (name: string, local: string, id = random.uuid()): EmulatedUser => {
    const email = `${local}@example.com`;
    return { id, name, email, handle: email, disabled: false };
  };
  const spoken = (local: string) => local.charAt(0).toUpperCase() + local.slice(1).replaceAll("-", " ");
  return {
    leads: new Map(EXAMPLE_TEAMS.map((team) => [team, named(`${spoken(team)} lead`, `${team}-lead`)])),
    engineers: seedUsers({ count: 2 * EXAMPLE_TEAMS.length }),
    others: [
      ...DUTIES.map((local) => named(spoken(local), local)),
      ...QUICKSTART.map(([id, name]) => named(name, name.toLowerCase().replace(" ", "."), id)),
    ],
    leaver: { ...named("Former lead", "former-lead"), disabled: true },
    invited: { ...named("New hire", "new-hire"), status: "Pending" },
  };
}
