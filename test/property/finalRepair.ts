import type { History } from "./history";
import { BrokenPromise } from "./oracle/brokenPromise";
import { type DeploymentRecord, tells } from "./oracle/deploymentRecord";
import { type StackPlayer, saysThatSomeWait } from "./stackPlayer";

/**
 * When nothing goes wrong any more, a refresh and an `up` put everything right, and then nothing is left to
 * do; a destroy leaves nothing behind.
 */
export async function finalRepair(history: History): Promise<void> {
  const { world, players } = history;
  world.everybodyComesBack();
  world.detachTickets();
  for (const player of players) {
    if ((await repairWithMissing(history, player)) || world.areManyGone) world.comeBack();
    assertWell(await repair(history, player));
    await demandRest(history, player);
  }
  for (const player of players) {
    await history.lagPasses();
    assertWell(await player.calmDestroy());
  }
}

/** @returns whether findings are missing of which the program says that none may */
async function repairWithMissing(history: History, player: StackPlayer): Promise<boolean> {
  const { world } = history;
  const missing = [...player.program.resources.values()]
    .filter((resource) => resource.onMissing === "fail")
    .flatMap(({ findingIds }) => [...findingIds].filter((id) => world.gone.has(id)));
  if (missing.length === 0) return false;
  await history.lagPasses();
  const refresh = await player.calmRefresh();
  assertWell(refresh);
  const { errors } = await player.calmUp();
  // What was assigned once stays in the state until a request proves that it is gone: the refresh tells of
  // it.
  const messages = [...errors.values(), ...refresh.printed];
  const named = missing.filter((id) => tells(messages, id));
  const isEnough = world.areManyGone ? named.length > 0 : named.length === missing.length;
  if (!isEnough)
    throw new BrokenPromise(
      `missing ${missing.join(", ")} are not all named:\n${messages.join("\n")}`,
      missing[0],
    );
  return true;
}

async function repair(history: History, player: StackPlayer): Promise<DeploymentRecord> {
  await history.lagPasses();
  assertWell(await player.calmRefresh());
  let deployment = await player.calmUp();
  // Where the search does not tell the missing ones, a deployment spends 30 requests on each batch to find
  // them, and says what has to wait: each later one has fewer to tell apart.
  for (let more = MOST_REPEATS; more > 0 && leavesSomeOpen(history, deployment); more--)
    deployment = await player.calmUp();
  return deployment;
}

/** Either it says that some wait, or it fails as answers name the missing ones by ids that nobody has sent. */
function leavesSomeOpen({ world, conditions }: History, deployment: DeploymentRecord): boolean {
  if (!conditions.foreignIds || world.gone.size === 0) assertWell(deployment);
  const reasons = [...deployment.errors.values()];
  const unconfirmed = reasons.length > 0 && reasons.every((reason) => reason.includes("Not confirmed"));
  return unconfirmed || saysThatSomeWait(deployment);
}

/** More than the findings that are gone and not told apart need. */
const MOST_REPEATS = 10;

/** Nothing is left to do, and nobody does anything. */
async function demandRest(history: History, player: StackPlayer): Promise<void> {
  const { world } = history;
  await history.lagPasses();
  const before = JSON.stringify([...player.stack.state]);
  await player.calmRefresh();
  if (JSON.stringify([...player.stack.state]) !== before)
    throw new BrokenPromise("a refresh without drift changed the state");
  const requests = world.emulator.requests.count();
  await player.calmUp();
  if (world.emulator.requests.count() > requests)
    throw new BrokenPromise("an up without changes sent something");
}

function assertWell({ errors, kind }: DeploymentRecord): void {
  if (errors.size > 0) throw new BrokenPromise(`${kind} failed: ${[...errors.values()].join("\n")}`);
}
