import assert from "node:assert/strict";
import type { History } from "./history";
import { leastRequests } from "./leastRequests";

/** When nothing goes wrong any more, a refresh and an `up` put everything right; then nothing is left to do. */
export async function finalRepair(
  history: History,
): Promise<{ readonly requests: number; readonly least: number }> {
  if ((await repairWithMissing(history)) || history.outside.areMany) history.outside.comeBack();
  const { errors, requests, least } = await repair(history);
  assert.deepEqual([...errors.values()], []);
  await assertAtRest(history);
  return { requests, least };
}

/** @returns whether findings are missing of which the program says that none may */
async function repairWithMissing(history: History): Promise<boolean> {
  const { program, outside } = history;
  const missing = [...program.resources.values()]
    .filter((resource) => resource.onMissing === "fail")
    .flatMap(({ findingIds }) => [...findingIds].filter((id) => outside.gone.has(id)));
  if (missing.length === 0) return false;
  const { errors } = await repair(history);
  const messages = [...errors.values()].map((error) => error.message).join("\n");
  const named = missing.filter((id) => messages.includes(id));
  const isEnough = outside.areMany ? named.length > 0 : named.length === missing.length;
  assert.ok(isEnough, `missing ${missing.join(", ")} are not all named:\n${messages}`);
  return true;
}

async function repair(history: History) {
  const { emulator, provider } = history.s;
  await history.lagPasses();
  assert.deepEqual([...(await provider.refresh()).errors.values()], []);
  history.ledger.refreshed();
  emulator.requests.reset();
  const least = leastRequests(provider.state, history.program.resources, history.parallel === 16);
  const { errors } = await history.up({ blind: false });
  const requests = emulator.requests.count();
  history.assertFewRequests(requests, least, 0);
  return { errors, requests, least };
}

/** Nothing is left to do, and nobody does anything. */
async function assertAtRest(history: History): Promise<void> {
  const { emulator, provider } = history.s;
  await history.lagPasses();
  const before = JSON.stringify([...provider.state]);
  await provider.refresh();
  assert.equal(JSON.stringify([...provider.state]), before, "a refresh without drift changed the state");
  emulator.requests.reset();
  await history.up({ blind: false });
  assert.equal(emulator.requests.count(), 0, "an up without changes sent something");
}
