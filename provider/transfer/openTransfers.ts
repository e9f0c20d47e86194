import type { Session } from "../session/session";
import { SOON_MS } from "./confirmMoves";
import type { Successor } from "./successor";

/**
 * Which findings went over to rules that have failed, and have no state: nobody but the resource that had the
 * findings knows of them. Waits for rules that are being deployed.
 * @param handedOver to whom findings went, by id
 */
export async function openTransfers(
  { ownerships, clock, cancelled }: Session,
  handedOver: ReadonlyMap<string, Successor>,
): Promise<string[]> {
  const unknown = () =>
    [...new Set([...handedOver.values()].map(({ declaration }) => declaration))].filter(
      (declaration) =>
        ownerships.storedOwners(declaration) === undefined && !ownerships.hasFailed(declaration),
    );
  const ended = () => Promise.all(unknown().map((declaration) => ownerships.ended(declaration)));
  await ended();
  if (unknown().length > 0) {
    await clock.sleep(SOON_MS, cancelled).catch(() => {});
    await ended();
  }
  return [...handedOver].flatMap(([id, { declaration }]) => (ownerships.hasFailed(declaration) ? id : []));
}
