import { findingsOf } from "../core/count";
import { PermissionError } from "../datadog/errors/permissionError";
import type { Finding } from "../datadog/model/findingsApi";
import { ROTATED_KEYS } from "../messages/advise";
import { describeMoving } from "../messages/describeMoving";
import { explainFailures } from "../messages/messages";
import { heldByRule, heldQueries } from "../rules/heldQueries";
import type { DeployedOwnership } from "../rules/rule";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { ReportBuilder } from "../transfer/assignFindings";
import { keepSharedTickets } from "../transfer/keepSharedTickets";
import { transferOrUnassign } from "../transfer/transferOrUnassign";
import { awaitAssigned } from "./awaitAssigned";
import { describeStrays } from "./describeStrays";
import { findStrays } from "./findStrays";
import { movingToLists } from "./movingToLists";
import { type HeldQuery, OtherOwnerships } from "./otherOwnerships";
import {
  type DeployedVersion,
  lastVersion,
  type OwnershipState,
  parseOwnershipState,
} from "./ownershipState";
import { lagOf } from "./searchLag";
import { heldBy, type ShownFindings, together } from "./shownFindings";
import { verifyAccount, verifyAccountOfNothing } from "./verifyAccount";

/**
 * Releases what any deployed version of the rules gave away and what is still with the owner whom it was
 * given to, unless `onDelete` is "keep". Left alone: what other rules of the program give to the same owner,
 * and what a FindingsAssignment declares and has. Waits up to 5 minutes where the search does not show yet
 * what these rules assigned less than 15 minutes ago. Afterwards one search tells what else their owners have
 * in scope.
 * @throws Error where some could not be released, where a FindingsAssignment that declares some has not been
 * seen to have them, or where the search does not show them: then nothing was released
 */
export async function deleteOwnership(
  session: Session,
  props: Readonly<Record<string, unknown>>,
): Promise<void> {
  const state = parseOwnershipState(props);
  const label = labelOf(state);
  if (state.spec.onDelete === "keep") {
    session.print(`${label}: the findings keep their owners (onDelete is "keep")`);
    return;
  }
  await verifyAccount(session, state);
  const others = await OtherOwnerships.of(session);
  const { held, moving } = await heldFindings(session, label, state, others).catch((error: unknown) => {
    if (!(error instanceof PermissionError)) throw error;
    throw new Error(`${label}: nothing was released: ${error.message}; ${ROTATED_KEYS}`, { cause: error });
  });
  const report = new ReportBuilder();
  const handedOver = await transferOrUnassign(session, label, held, report, { isOver: true });
  const { failed: failures, done, ambiguous } = report.build();
  const released = done.filter((id) => !handedOver.has(id));
  session.print(`${label}: ${findingsOf(released.length)} released${keptBy(others)}`);
  if (failures.length === 0 && moving.length === 0) {
    const strays = await findStrays(session, [lastVersion(state), ...state.former], others);
    for (const line of describeStrays(strays, session.users)) session.print(`${label}: ${line}`);
    return;
  }
  const succeeded = held.length - failures.length;
  const summary = { failures, wanted: "unassigned", succeeded, ambiguous: ambiguous.length, deleting: true };
  const reasons = failures.length > 0 ? explainFailures({ ...summary, total: held.length }) : [];
  if (moving.length > 0) reasons.push(describeMoving(label, moving));
  throw new Error(reasons.join("\n"));
}

function keptBy({ declared }: OtherOwnerships): string {
  if (declared.length === 0) return "";
  const names = declared.map((each) => `"${labelOf(each)}"`);
  return `; findings that ${names.join(", ")} ${names.length === 1 ? "gives" : "give"} to the same owners stay with them`;
}

async function heldFindings(
  session: Session,
  label: string,
  state: OwnershipState,
  others: OtherOwnerships,
): Promise<{ readonly held: readonly Finding[]; readonly moving: readonly string[] }> {
  const versions = [lastVersion(state), ...state.former];
  const shown = await findHeld(versions, others);
  if (shown && shown.findings.length > 0) session.account.confirm(state.account);
  else if (shown) await verifyAccountOfNothing(session, state);
  // Where nothing was asked, other resources declare all of it.
  const isCertain = shown === undefined || lagOf(state, shown.answeredAt) === undefined;
  const whole = others.declared.length === 0 ? shown : undefined;
  const held = isCertain
    ? (shown?.findings ?? [])
    : await others.releasable(await awaitAssigned(session, label, state, versions, whole));
  const unclaimed = held.filter(({ id }) => !session.claims.has(id));
  const { kept, following } = await keepSharedTickets(session, label, unclaimed);
  for (const id of following) session.releaseAttempts.add(id);
  return {
    held: unclaimed.filter(({ id }) => !kept.has(id)),
    moving: await movingToLists(session, held),
  };
}

/** undefined: other rules of the program declare all that these have. */
async function findHeld(
  versions: readonly DeployedVersion[],
  others: OtherOwnerships,
): Promise<ShownFindings | undefined> {
  const found = await Promise.all(
    versions.flatMap((version) =>
      queriesFor(version, others).map(async (held) => {
        const shown = await others.find(held);
        return shown && heldBy(version, shown);
      }),
    ),
  );
  const asked = found.filter((each) => each !== undefined);
  return asked.length > 0 ? together(asked) : undefined;
}

/**
 * All rules together where nothing else is declared; otherwise each rule by itself, which may be declared
 * elsewhere.
 */
function queriesFor(version: DeployedOwnership, { declared }: OtherOwnerships): HeldQuery[] {
  if (declared.length === 0) return heldQueries(version).map((query) => ({ query, ownerId: undefined }));
  return heldByRule(version).map(({ query, ownerIds }) => ({
    query,
    ownerId: ownerIds.length === 1 ? ownerIds[0] : undefined,
  }));
}
