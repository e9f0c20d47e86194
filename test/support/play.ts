import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import type { Permission } from "../emulator";
import type { Props } from "../stack/providerProcess";
import type { DeploymentResult } from "../stack/stackOptions";
import { type Scenario, type ScenarioOptions, scenario } from "./scenario";

export type Program = Record<string, Props>;

/** Plays a story in virtual time. */
export async function play(
  options: ScenarioOptions,
  story: (s: Scenario, user: string, other: string) => Promise<void>,
): Promise<void> {
  const s = scenario(options);
  const [user = "", other = ""] = s.users;
  await s.clock.run(story(s, user, other));
}

/** Deploys, and fails the test where something went wrong. */
export async function upCleanly(s: Scenario, program: Program): Promise<DeploymentResult> {
  const result = await s.stack.up(program);
  assert.deepEqual([...result.errors.values()], []);
  return result;
}

export async function refreshCleanly(s: Scenario): Promise<void> {
  const { errors } = await s.stack.refresh();
  assert.deepEqual([...errors.values()], []);
}

/** Until the search shows everything, and the provider trusts it. */
export function lagPasses(s: Scenario): Promise<void> {
  return s.clock.sleep(SEARCH_LAG_MS + 60_000);
}

export function assertOwners(s: Scenario, findingIds: readonly string[], owner: string | null): void {
  const others = findingIds.filter((id) => s.emulator.ownerOf(id) !== owner);
  assert.deepEqual(others, [], `not owned by ${owner}`);
}

/** The requests of one deployment. */
export async function requestsOf(s: Scenario, deployment: () => Promise<unknown>): Promise<number> {
  const before = s.emulator.requests.count();
  await deployment();
  return s.emulator.requests.count() - before;
}

export function permit(s: Scenario, ...permissions: Permission[]): void {
  s.emulator.keys.permit(...permissions);
}

export function printed(s: Scenario): string {
  return s.stack.printed.join("\n");
}

/** The outputs of a resource, which must be in the state. */
export function outputsOf(s: Scenario, name: string): Props {
  const stored = s.stack.state.get(name);
  assert.ok(stored, `${name} is in the state`);
  return stored.outputs;
}
