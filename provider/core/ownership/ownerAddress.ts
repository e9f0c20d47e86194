/** A user's UUID, or an e-mail. Without flags, since the JSON schema holds it too. */
export const OWNER_PATTERN =
  '^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[^\\s@"\\\\]+@[^\\s@"\\\\]+\\.[^\\s@"\\\\.]+)$';

const OWNER = new RegExp(OWNER_PATTERN);

/** Whether a text can name a Datadog user. */
export function isOwnerAddress(text: string, handles: boolean): boolean {
  return OWNER.test(text) || (handles && /^[^\s"\\]{1,254}$/.test(text));
}

/** Why a text names no user, and what would. */
export function noOwnerMessage(text: string, handles: boolean): string {
  const right = handles ? "the e-mail, UUID or handle" : "the e-mail or UUID";
  return `"${text}" is no owner: write ${right} of a Datadog user, like ada@example.com`;
}
