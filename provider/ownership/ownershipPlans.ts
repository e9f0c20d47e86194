import { SessionKey } from "../session/sessionKey";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipPlan } from "./plannedOwnership";

/** A plan that was made, and for which declaration. */
export interface MadePlan {
  readonly inputs: OwnershipInputs;
  readonly plan: OwnershipPlan;
}

/** The plans of a process: what check or diff has found, create or update carries out. */
export class OwnershipPlans {
  readonly #plans = new Map<string, Promise<OwnershipPlan>>();
  readonly #made = new Map<string, MadePlan>();

  /** The plan of that key, made once unless that fails. */
  prepare(key: string, inputs: OwnershipInputs, make: () => Promise<OwnershipPlan>): Promise<OwnershipPlan> {
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = make().then(
      (made) => {
        this.#made.set(key, { inputs, plan: made });
        return made;
      },
      (error: unknown) => {
        this.#plans.delete(key);
        throw error;
      },
    );
    this.#plans.set(key, plan);
    return plan;
  }

  get made(): readonly MadePlan[] {
    return [...this.#made.values()];
  }
}

/** The plans of a session. */
export const ownershipPlans = new SessionKey(() => new OwnershipPlans());
