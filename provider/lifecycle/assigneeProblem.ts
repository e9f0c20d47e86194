import { isUuid } from "../core/claims";

const USER = "the UUID, e-mail or handle of a Datadog user is needed";

/** What is wrong with a declared assignee, as far as it shows without asking Datadog; undefined: nothing. */
export function assigneeProblem(assignee: string): string | undefined {
  if (isUuid(assignee)) return undefined;
  if (/[\s"\\]/.test(assignee) || assignee === "" || assignee.length > 254) return `${USER}, without spaces`;
  if (NO_VALUE.has(assignee.toLowerCase())) return `${USER}; a program wrote this where it had no value`;
  if (/[,;]/.test(assignee)) return `${USER}: one, as a finding has one owner`;
  if (assignee.includes("@")) {
    return /^[^@]+@[^@]+$/.test(assignee)
      ? undefined
      : "an e-mail has a name before and a domain behind its @";
  }
  if (isNearlyUuid(assignee)) {
    return "a UUID has 8, 4, 4, 4 and 12 of the digits 0 to 9 and a to f, with - between them; copy the user's again";
  }
  return undefined;
}

/** What JavaScript makes of no value in a text. */
const NO_VALUE: ReadonlySet<string> = new Set(["null", "undefined", "nan"]);

/** Without its dashes, in brackets, with a digit too few or too many or mistyped: no handle looks so. */
function isNearlyUuid(text: string): boolean {
  const inner = text.replace(/^(urn:uuid:)?[{([]?|[})\]]?$/gi, "");
  const digits = inner.replaceAll("-", "");
  const isOfDigits = /^[0-9a-f]{28,36}$/i.test(digits) && /\d/.test(digits);
  return isOfDigits || /^[0-9a-z]{7,9}(-[0-9a-z]{3,5}){3}-[0-9a-z]{11,13}$/i.test(inner);
}
