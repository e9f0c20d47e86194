import { EMAIL_PATTERN, userProblem } from "../owners/userProblem";

/** A user's UUID, or an e-mail. Without flags, since the JSON schema holds it too. */
export const OWNER_PATTERN = `^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|${EMAIL_PATTERN})$`;

/** Whether a text can name a Datadog user. */
export function isOwnerAddress(text: string, handles: boolean): boolean {
  return userProblem(text, { handles }) === undefined;
}

/** Why a text names no user, and what would. */
export function noOwnerMessage(text: string, handles: boolean): string {
  return `"${text}" is no owner: ${userProblem(text, { handles }) ?? "a Datadog user is needed"}`;
}
