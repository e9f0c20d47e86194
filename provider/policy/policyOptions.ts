import type { EnforcementLevel } from "@pulumi/policy";

/** What every policy of this package takes. */
export interface PolicyOptions {
  /**
   * What a violation does: `"advisory"` prints it, `"mandatory"` stops the deployment, `"disabled"` turns the
   * policy off. Default: that of the pack. The policy configuration's own `enforcementLevel` wins.
   */
  readonly enforcementLevel?: EnforcementLevel | undefined;
}
