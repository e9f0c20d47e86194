import { z } from "zod";
import { findUser } from "../datadog/findUser";
import { explainFinding } from "../functions/explainFinding";
import { parseOwnershipInputs } from "../lifecycle/ownership/ownershipInputs";
import { deployedBy, parseOwnershipState } from "../lifecycle/ownership/ownershipState";
import type { Session } from "../lifecycle/session";
import type { Properties } from "./properties";

/** @throws Error that says which argument is wrong, or what Datadog answered */
type ProviderFunction = (session: Session, args: Properties) => Promise<Properties>;

const text = (needed: string) => z.string(needed).min(1, needed);
const userArgs = z.strictObject({ email: text("the e-mail of a user is needed") });
const explainArgs = z.looseObject({ findingId: text("the id of a finding is needed") });

/** What a program asks Datadog, by the function's name in the package. */
export const providerFunctions: Readonly<Record<string, ProviderFunction>> = {
  async getFindings({ api }, args) {
    // It brings the SDK along, which nothing else here needs.
    const { findFindings } = await import("../functions/getFindings.js");
    return { findings: await findFindings(() => api, args) };
  },

  async getUser({ api, cancelled }, args) {
    const { email } = parsed("getUser", userArgs, args);
    return { ...(await findUser(api, email, cancelled)) };
  },

  async explainFinding(session, args) {
    const { findingId, results, ...declared } = parsed("explainFinding", explainArgs, args);
    const { spec } = parseOwnershipInputs(declared);
    const deployed = results === undefined ? [] : deployedBy(parseOwnershipState({ ...declared, results }));
    const ownerIds = await Promise.all(spec.rules.map(({ assignee }) => session.assignees.resolve(assignee)));
    const { outcome, sentences } = await explainFinding(session.api, spec, { ownerIds, deployed }, findingId);
    return { ...(outcome !== undefined && { outcome }), explanation: sentences.join("\n") };
  },
};

function parsed<T>(name: string, schema: z.ZodType<T>, args: Properties): T {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  throw new Error(`${name}: ${result.error.issues.map(({ message }) => message).join("; ")}`);
}
