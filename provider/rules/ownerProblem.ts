import { NOBODY } from "./owner";
import { EMAIL_PATTERN, type UserForms, userProblem } from "./userProblem";

const UUID_PATTERN = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
/** What Datadog takes as a team's handle, and more: at most 195 characters without spaces. */
const HANDLE_PATTERN = '[^\\s"\\\\,;:@]{1,195}';

/**
 * The owners that a file may write: an e-mail, a UUID, a team, who is on call for a team, or none. Without
 * flags, for the JSON schema.
 */
export const OWNER_PATTERN = `^(${NOBODY}|(team|on-call):${HANDLE_PATTERN}|${UUID_PATTERN}|${EMAIL_PATTERN})$`;

const TEAM = new RegExp(`^(team|on-call):${HANDLE_PATTERN}$`);
/** Looks like a kind of owner. No handle of a user has a colon. */
const KIND = /^([^\s:@]*):(.*)$/s;

/** Why a text cannot be the owner that a rule names, and what would be right; undefined: it can. */
export function ownerProblem(text: string, forms: UserForms = {}): string | undefined {
  if (text === NOBODY || TEAM.test(text)) return undefined;
  if ([NOBODY, "nobody"].includes(text.toLowerCase()))
    return noOwner(text, `write ${NOBODY} to leave the findings alone`);
  const [, kind, handle = ""] = text.startsWith("urn:uuid:") ? [] : (KIND.exec(text) ?? []);
  if (kind !== undefined) return noOwner(text, teamProblem(kind, handle));
  const problem = userProblem(text, forms);
  if (problem === undefined) return undefined;
  const isWord = forms.handles === false && /^[a-z][\w-]*$/i.test(text);
  const team = `team:${text.toLowerCase()}`;
  return noOwner(text, isWord ? `${problem}; did you mean "${team}"?` : problem);
}

/**
 * Why a text cannot be the owner of findings that are listed one by one, which is always one user; undefined:
 * it can.
 */
export function assigneeProblem(text: string): string | undefined {
  if (text === NOBODY) return "a user is needed: leave findings that nobody shall own out of the list";
  if (/^team:/.test(text))
    return "a user is needed, not a team: use FindingsOwnership to share findings in a team";
  if (/^on-call:/.test(text)) return "a user is needed: getOnCall({ team }) says who is on call";
  return userProblem(text);
}

function noOwner(text: string, right: string): string {
  return `"${text}" is not an owner: ${right}`;
}

function teamProblem(kind: string, handle: string): string {
  const plain = kind.toLowerCase().replace(/[^a-z]/g, "");
  const meant = plain === "team" || plain === "teams" ? "team" : plain === "oncall" ? "on-call" : undefined;
  const name = handle.trim().replace(/^@/, "").toLowerCase();
  if (meant === undefined) return "write team:HANDLE or on-call:HANDLE, with the handle of a Datadog team";
  if (TEAM.test(`${meant}:${name}`)) return `did you mean "${meant}:${name}"?`;
  return `write ${meant}:HANDLE, with the handle of a Datadog team, like ${meant}:payments`;
}
