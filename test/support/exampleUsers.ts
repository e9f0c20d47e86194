import { type EmulatedUser, seedUsers } from "../emulator";

/** Names of the users whom the examples declare as owners, at example.com. */
const names = [
  "payments-lead",
  "platform-oncall",
  "platform-lead",
  "mobile-lead",
  "security-duty",
  "incident-lead",
];

/** @param more names of others, such as somebody who gets findings by hand */
export function exampleUsers(...more: readonly string[]): EmulatedUser[] {
  const all = [...names, ...more];
  return seedUsers({ count: all.length }).map((user, index) => {
    const name = all[index] ?? "";
    const email = `${name}@example.com`;
    return { ...user, name, email, handle: email, disabled: false };
  });
}
