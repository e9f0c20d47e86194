import type { Emulator } from "../emulator";
import type { EmulatedUser } from "../findingModel";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../keyring";
import { shiftAt } from "../teams/teamModel";
import { statusOf } from "../usersEndpoint";

/** How many teams are shown with their members; of the others, the handles. */
const DETAILED_TEAMS = 4;
const SHOWN_USERS = 14;
const WIDTH = 100;

/**
 * What a user needs to know of an emulator that has just started.
 * @param now ms since the epoch: who is on call then
 */
export function welcome(url: string, emulator: Emulator, now: number): string {
  const { users, teams } = emulator;
  const findings = [...emulator.owners().keys()];
  return [
    `Datadog's findings API, emulated: ${url}`,
    "",
    "Set this in the terminal in which you run pulumi or npx pulumi-datadog-findings:",
    `export DD_HOST=${url} DD_API_KEY=${EMULATOR_API_KEY} DD_APP_KEY=${EMULATOR_APP_KEY}`,
    "",
    `${counted(findings.length, "finding")}, the first is ${findings[0] ?? "none"}`,
    `${counted(users.length, "user")}, as <name>@example.com`,
    ...wrapped(namesOf(users)),
    ...usersWith("Disabled", users, "disabled"),
    ...usersWith("Pending", users, "invited, never logged in"),
    `${counted(teams.length, "team")}, among them`,
    ...teams.slice(0, DETAILED_TEAMS).map((team) => {
      const emails = (ids: readonly string[]) => ids.map((id) => emailOf(users, id)).join(", ") || "nobody";
      const onCall = emails(shiftAt(team.onCall ?? [], now).userIds);
      return `  ${team.handle}: ${emails(team.memberIds)}; on call now: ${onCall}`;
    }),
    ...wrapped(teams.slice(DETAILED_TEAMS).map(({ handle }) => handle)),
    "",
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

/** The first active users; the others are as many more. */
function namesOf(users: readonly EmulatedUser[]): string[] {
  const names = users.filter((user) => statusOf(user) === "Active").map(({ email }) => localPart(email));
  const more = names.length - SHOWN_USERS;
  return more > 0 ? [...names.slice(0, SHOWN_USERS), `and ${more} more`] : names;
}

function usersWith(status: string, users: readonly EmulatedUser[], description: string): string[] {
  const names = users.filter((user) => statusOf(user) === status).map(({ email }) => localPart(email));
  return names.length === 0 ? [] : [`  ${description}: ${names.join(", ")}`];
}

function localPart(email: string): string {
  return email.replace(/@.*$/, "");
}

function emailOf(users: readonly EmulatedUser[], id: string): string {
  return localPart(users.find((user) => user.id === id)?.email ?? id);
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Names after commas, in lines of about `WIDTH` characters. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > WIDTH) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines.map((line, index) => `  ${line}${index < lines.length - 1 ? "," : ""}`);
}
