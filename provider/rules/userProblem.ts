import { isUuid } from "../core/claims";

export interface UserForms {
  /** Whether a handle is enough, that is any name without spaces, beside e-mails and UUIDs. Default true. */
  readonly handles?: boolean;
}

/**
 * Why a text cannot name one Datadog user, as far as it shows without asking Datadog; undefined: it can.
 * Lists of findings and rules share it.
 */
export function userProblem(text: string, { handles = true }: UserForms = {}): string | undefined {
  if (isUuid(text)) return undefined;
  const needed = `the ${handles ? "UUID, e-mail or handle" : "e-mail or UUID"} of a Datadog user is needed`;
  if (/[\s"\\]/.test(text) || text === "" || text.length > LONGEST_ADDRESS) {
    return `${needed}, without spaces`;
  }
  if (NO_VALUE.has(text.toLowerCase())) return `${needed}; a program wrote this where it had no value`;
  if (/[,;]/.test(text)) return `${needed}: one user, without commas and semicolons`;
  if (text.includes("@")) {
    return EMAIL.test(text)
      ? undefined
      : "an e-mail has a name before and a domain behind its @, like ada@example.com";
  }
  if (isNearlyUuid(text)) {
    return "a UUID has groups of 8, 4, 4, 4 and 12 digits, 0 to 9 and a to f, with - between them; copy the user's UUID again";
  }
  return handles ? undefined : `${needed}, like ada@example.com`;
}

/** In characters: no e-mail can be longer (RFC 5321). */
const LONGEST_ADDRESS = 254;

/**
 * An e-mail, of which the domain has a dot. Without flags and anchors, since the JSON schema holds it too.
 */
export const EMAIL_PATTERN = '[^\\s@"\\\\,;:]+@[^\\s@"\\\\,;:]+\\.[^\\s@"\\\\,;:.]+';

const EMAIL = new RegExp(`^${EMAIL_PATTERN}$`);

/** What JavaScript makes of no value in a text. */
const NO_VALUE: ReadonlySet<string> = new Set(["null", "undefined", "nan"]);

/** Without its dashes, in brackets, with a digit too few or too many or mistyped: no handle looks so. */
function isNearlyUuid(text: string): boolean {
  const inner = text.replace(/^(urn:uuid:)?[{([]?|[})\]]?$/gi, "");
  const digits = inner.replaceAll("-", "");
  const isOfDigits = /^[0-9a-f]{28,36}$/i.test(digits) && /\d/.test(digits);
  return isOfDigits || /^[0-9a-z]{7,9}(-[0-9a-z]{3,5}){3}-[0-9a-z]{11,13}$/i.test(inner);
}
