import { z } from "zod";
import { findUser } from "../datadog/findUser";
import type { DatadogTeam, DatadogUser, Finding } from "../datadog/model/findingsApi";
import { parseOwnershipInputs } from "../ownership/ownershipInputs";
import { deployedBy, lastVersion, parseOwnershipState, type RuleResult } from "../ownership/ownershipState";
import { explainFinding } from "../program/explainFinding";
import { findFindings } from "../program/findFindings";
import { findOnCall, findTeamMembers } from "../program/findTeamUsers";
import type { Outcome } from "../rules/assignRules";
import type { OwnershipRule } from "../rules/rule";
import { resolveOwner } from "../session/resolveOwner";
import type { Session } from "../session/session";
import type { Properties } from "./properties";

export interface GetFindingsResult {
  /** All findings that match the query. */
  readonly findings: readonly Finding[];
}

export interface GetUserResult {
  /** The user's UUID. */
  readonly id: DatadogUser["id"];
  /** As Datadog shows it. */
  readonly name: DatadogUser["name"];
  /** The e-mail, in Datadog's spelling. */
  readonly email: DatadogUser["email"];
  /** What Datadog calls the user where an e-mail is not enough. */
  readonly handle: DatadogUser["handle"];
  /** Whether the user is disabled; always false, since a disabled one is an error. */
  readonly disabled: DatadogUser["disabled"];
  /** Whether it stands for a program and not for a person. */
  readonly serviceAccount: DatadogUser["serviceAccount"];
  /** Of the organisation whose keys asked, where Datadog says so. */
  readonly organisationId: DatadogUser["organisationId"];
}

export interface GetTeamResult {
  /** The team's UUID. */
  readonly id: DatadogTeam["id"];
  /** In Datadog's spelling. */
  readonly handle: DatadogTeam["handle"];
  /** As Datadog shows it. */
  readonly name: DatadogTeam["name"];
  /** The active members: nobody who is disabled, and no service accounts. Empty where there are none. */
  readonly members: readonly DatadogUser[];
}

export interface GetOnCallResult {
  /** The team that was asked for. */
  readonly team: DatadogTeam;
  /** Who is on call now: one user or several, each of them active. */
  readonly users: readonly DatadogUser[];
}

export interface ExplainFindingArgs {
  /** The finding, by the id that Datadog shows. */
  readonly findingId: string;
  /** The rules, as a FindingsOwnership declares them. */
  readonly rules: readonly OwnershipRule[];
  /** Findings outside of this query are never touched; default: all findings. */
  readonly scope?: string | undefined;
  /** Ids that no rule touches. */
  readonly exclude?: readonly string[] | undefined;
  /**
   * Of the same FindingsOwnership: with them it is known what its deployments gave away. Without them the
   * rules are as if new.
   */
  readonly results?: readonly RuleResult[] | undefined;
}

export interface ExplainFindingResult {
  /**
   * What the rules do with the finding, as the explanation says in words; absent where Datadog's search knows
   * no such finding.
   */
  readonly outcome?: Outcome | undefined;
  /** A line for the verdict, and one for each rule that was tried. */
  readonly explanation: string;
}

/** @throws Error that says which argument is wrong, or what Datadog answered */
type ProviderFunction = (session: Session, args: Properties) => Promise<Properties>;

const text = (needed: string) => z.string(needed).min(1, needed);
const userArgs = z.strictObject({ email: text("the e-mail of a user is needed") });
const teamArgs = z.strictObject({ handle: text("the handle of a team is needed") });
const onCallArgs = z.strictObject({ team: text("the handle of a team is needed") });
const explainArgs = z.looseObject({ findingId: text("the id of a finding is needed") });

/** What a program asks Datadog, by the function's name in the package. */
export const providerFunctions: Readonly<Record<string, ProviderFunction>> = {
  async getFindings({ api }, args) {
    return { findings: await findFindings(() => api, args) };
  },

  async getUser({ api, cancelled }, args) {
    const { email } = parsed("getUser", userArgs, args);
    return { ...(await findUser(api, email, cancelled)) };
  },

  async getTeam({ api }, args) {
    return { ...(await findTeamMembers(api, parsed("getTeam", teamArgs, args).handle)) };
  },

  async getOnCall({ api }, args) {
    return { ...(await findOnCall(api, parsed("getOnCall", onCallArgs, args).team)) };
  },

  async explainFinding(session, args) {
    const { findingId, results, ...declared } = parsed("explainFinding", explainArgs, args);
    const { spec } = parseOwnershipInputs(declared, session.today);
    const state = results === undefined ? undefined : parseOwnershipState({ ...declared, results });
    const ownerIds = state
      ? lastVersion(state).rules.map((rule) => rule.ownerIds)
      : await Promise.all(spec.rules.map(async (rule) => (await resolveOwner(session, rule)).ownerIds));
    const deployed = deployedBy(state);
    const { outcome, sentences } = await explainFinding(session.api, spec, { ownerIds, deployed }, findingId);
    return { ...(outcome !== undefined && { outcome }), explanation: sentences.join("\n") };
  },
};

function parsed<T>(name: string, schema: z.ZodType<T>, args: Properties): T {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  throw new Error(`${name}: ${result.error.issues.map(({ message }) => message).join("; ")}`);
}
