import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { RequestError } from "../datadog/errors/requestError";
import { UNPROVEN_ORGANISATION } from "../messages/advise";
import type { DatadogAccount } from "./datadogAccount";
import type { Session } from "./session";
import { SessionKey } from "./sessionKey";

interface Claimed {
  /** Of the resource. */
  readonly label: string;
  readonly account: DatadogAccount | undefined;
  /** UUID of a user of the state's organisation. */
  readonly ownerId: string;
  /** Whether the search shows something that the state says is ours; undefined: it says so of nothing. */
  readonly isShown: () => Promise<boolean | undefined>;
}

/**
 * As `verify` of the configured account, for a resource that may need no change: then nothing else would tell
 * that its findings are elsewhere. Where other keys than those of the state may not look up users, one search
 * tells; where that shows nothing, a person is warned, once for all resources.
 * @throws OtherOrganisationError, and OtherHostError where another host than the state's gives no answer
 */
export async function proveAccount(
  session: Session,
  { label, account, ownerId, isShown }: Claimed,
): Promise<void> {
  if (await session.account.verify(label, account, ownerId, session.cancelled)) return;
  const { detail, advice } = UNPROVEN_ORGANISATION;
  try {
    const shown = await isShown();
    if (shown) session.account.confirm(account);
    if (shown === false) warn(session, label, `${detail}; ${advice}`);
  } catch (error) {
    // A preview without keys says so itself.
    if (error instanceof MissingCredentialsError) return;
    if (!(error instanceof RequestError)) throw error;
    warn(session, label, error.message);
  }
}

function warn(session: Session, label: string, why: string): void {
  const warned = session.shared.get(warnings);
  if (warned.told) return;
  warned.told = true;
  session.print(
    `${label}: warning: it is not known whether the keys belong to the organisation of its findings: ${why}`,
  );
}

const warnings = new SessionKey(() => ({ told: false }));
