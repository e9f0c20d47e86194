import type { Send } from "../../provider/datadog/model/transport";
import type { SimulatedClock } from "../emulator";
import type { Props, StartProvider } from "./providerProcess";

export interface StackOptions {
  readonly clock: SimulatedClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whom the keys of the stack talk to; asked anew for each deployment. */
  readonly connect: () => Send;
  /** How many calls of the provider are under way at once, as with the engine's `--parallel`. */
  readonly parallel: number;
  /**
   * How long the program takes before it registers each resource, ms, as where ids come from a function;
   * default: no time.
   */
  readonly registersAfter?: () => number;
  /** Stack configuration. */
  readonly config?: Readonly<Record<string, string>>;
  /** Default: the dynamic provider. */
  readonly start?: StartProvider | undefined;
}

/** How the program registers its resources. */
export interface ProgramOptions {
  /**
   * `any`: in a random order; `declared`: in that of the program; `dependent`: each waits for the one before
   * it, as with `dependsOn`. Default: `any`.
   */
  readonly order?: "any" | "declared" | "dependent";
  /** Default: that of the stack. */
  readonly registersAfter?: (() => number) | undefined;
}

export interface UpOptions extends ProgramOptions {
  /** `--target`: only these are registered, in this order, and nothing is deleted. */
  readonly only?: readonly string[];
  /** Resources on which the others depend. */
  readonly first?: readonly string[];
  /** `--refresh`. */
  readonly refresh?: boolean;
  /** `--continue-on-error`: what left the program is deleted although something failed. */
  readonly continueOnError?: boolean;
}

export interface StoredResource {
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
  /** Whether the last create or update of it failed, and its state was saved all the same. */
  readonly failed: boolean;
}

/** Inputs by resource name. */
export type Program = Readonly<Record<string, Props>>;

export interface DeploymentResult {
  /** By resource name, as they came; empty where everything went well. */
  readonly errors: ReadonlyMap<string, Error>;
  readonly printed: readonly string[];
  /** Resources that were created, updated or deleted; in a preview, that would be created or updated. */
  readonly changed: ReadonlySet<string>;
  /** Broken off by `kill()`. */
  readonly killed: boolean;
  /** Whether it has looked at everything, without an error. */
  readonly refreshed: boolean;
}
