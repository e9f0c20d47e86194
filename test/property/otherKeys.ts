import { inProcessSend } from "../emulator";
import type { Props } from "../stack/providerProcess";
import type { Stack } from "../stack/stack";
import { BrokenPromise } from "./oracle/brokenPromise";
import type { OutsideWorld } from "./outsideWorld";

/** The keys of another organisation on the same host. */
const OTHER_KEYS = { "datadog:apiKey": "other-api-key", "datadog:appKey": "other-app-key" };

export interface OtherKeysOptions {
  readonly stack: Stack;
  readonly world: OutsideWorld;
  readonly kind: "up" | "refresh" | "destroy";
  /** Inputs by resource name. */
  readonly program: Readonly<Record<string, Props>>;
  /** Whether a resource of the stack has given findings to somebody. */
  readonly holds: boolean;
}

/**
 * Deploys what is there already with the keys of another organisation, by mistake: that is refused, nothing is
 * sent there, and the stack stays as it was.
 */
export async function deployWithOtherKeys(options: OtherKeysOptions): Promise<void> {
  const { stack, world, kind, program, holds } = options;
  const other = world.otherOrganisation();
  const known = Object.fromEntries(Object.entries(program).filter(([name]) => stack.state.has(name)));
  // Rules that are declared no more and keep what they gave away are forgotten without a request, wherever.
  const stays = () =>
    JSON.stringify(
      [...stack.state].filter(([name, { outputs }]) => name in known || outputs.onDelete !== "keep"),
    );
  const before = stays();
  stack.elsewhere = { connect: () => inProcessSend(other), config: OTHER_KEYS };
  const { errors } = await (kind === "up" ? stack.up(known) : stack[kind]());
  stack.elsewhere = undefined;
  const what = `a ${kind} with the keys of another organisation`;
  const patches = other.requests.count("assignee");
  if (patches > 0) throw new BrokenPromise(`${what} sent ${patches} changes there`);
  if (stays() !== before) throw new BrokenPromise(`${what} changed the state`);
  if (holds && errors.size === 0) throw new BrokenPromise(`${what} was not refused`);
}
