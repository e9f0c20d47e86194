import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { isUuid } from "../core/claims";
import { parseOwner } from "../rules/owner";
import {
  type Declared,
  declaredAssignment,
  declaredOwnership,
  ownersOf,
  rulesOf,
  ruleTitle,
  type SeenResource,
} from "./declared";
import { unknown } from "./knownValues";
import type { PolicyOptions } from "./policyOptions";
import { policySettings } from "./policySettings";

const USER = "a user is needed: a UUID, e-mail or handle";
const USERS = "a list of users is needed, each by UUID, e-mail or handle";
const DOMAIN = "a domain is needed, like example.com";
const DOMAINS = 'a list of domains is needed, like ["example.com"]';
const TEAM = "the handle of a team is needed, or * for any";
const TEAMS = "a list of handles of teams is needed";

const settingsSchema = z.strictObject({
  users: z
    .array(z.string(USER), USERS)
    .optional()
    .describe("Owners by UUID, e-mail or handle, ignoring case."),
  domains: z
    .array(z.string(DOMAIN), DOMAINS)
    .optional()
    .describe("E-mail domains whose addresses may own findings, ignoring case."),
  teams: z
    .array(z.string(TEAM), TEAMS)
    .optional()
    .describe(
      "Handles of Datadog teams whose members, and who is on call for them, may own findings; * is any team.",
    ),
});

export interface AllowedOwnersOptions extends PolicyOptions {
  /** Owners by UUID, e-mail or handle, as programs write them; case is ignored. */
  readonly users?: readonly string[] | undefined;
  /**
   * E-mail domains, such as `"example.com"`, whose addresses may own findings; case is ignored. A subdomain
   * is a domain of its own. An owner declared by UUID or by a handle that is no address has no domain: list
   * those in `users`.
   */
  readonly domains?: readonly string[] | undefined;
  /**
   * Handles of Datadog teams: `team:HANDLE` and `on-call:HANDLE` may own findings; case is ignored, and `"*"`
   * is any team. Who is a member, Datadog knows.
   */
  readonly teams?: readonly string[] | undefined;
}

type Settings = z.infer<typeof settingsSchema>;

/**
 * Owners must come from a list of users or from e-mail domains; whoever is in either may own findings.
 *
 * Use it to keep findings away from private addresses, from people who have left and from service accounts.
 * It judges the owner as the program writes it and asks Datadog nothing: a UUID is allowed only if `users`
 * has that UUID. Without `users`, `domains` and `teams`, from arguments or configuration, it allows
 * everybody; with an empty list, nobody from it. `none` is always allowed: nobody gets findings by it.
 */
export function allowedOwners(options: AllowedOwnersOptions = {}): ResourceValidationPolicy {
  const { base, settings } = policySettings(
    {
      name: "findings-allowed-owners",
      displayName: "Findings go to allowed owners",
      description: "Owners of findings must come from the allowed users, e-mail domains or teams.",
      severity: "medium",
    },
    settingsSchema,
    mutable(options),
  );
  return {
    ...base,
    validateResource: (args, reportViolation) => {
      const allowed = settings(args);
      for (const { owner, where } of declaredOwners(args, args.name)) {
        if (!isAllowed(owner, allowed)) reportViolation(refusal(owner, where, allowed));
      }
    },
  };
}

const mutable = ({ users, domains, teams, ...rest }: AllowedOwnersOptions) => ({
  ...rest,
  ...(teams && { teams: [...teams] }),
  ...(users && { users: [...users] }),
  ...(domains && { domains: [...domains] }),
});

interface DeclaredOwner {
  readonly owner: string;
  readonly where: string;
}

function declaredOwners(resource: SeenResource, name: string): DeclaredOwner[] {
  const assignment = declaredAssignment(resource);
  const ownership = declaredOwnership(resource);
  return [
    ...ownerAt(assignment?.assignee, `assignment "${name}"`),
    ...(ownership ? rulesOf(ownership) : []).flatMap((placed) =>
      ownersOf(placed.rule).flatMap((owner) => ownerAt(owner, `${ruleTitle(placed)} of ownership "${name}"`)),
    ),
  ];
}

const ownerAt = (owner: Declared<string>, where: string): DeclaredOwner[] =>
  owner === unknown || owner === undefined ? [] : [{ owner, where }];

function isAllowed(text: string, { users, domains, teams }: Settings): boolean {
  if (users === undefined && domains === undefined && teams === undefined) return true;
  const parsed = parseOwner(text);
  if (parsed.kind === "nobody") return true;
  if (parsed.kind !== "user")
    return includesIgnoringCase(teams ?? [], parsed.handle) || (teams ?? []).includes("*");
  const owner = text;
  const domain = domainOf(owner);
  return (
    includesIgnoringCase(users ?? [], owner) ||
    (domain !== undefined && includesIgnoringCase((domains ?? []).map(withoutAt), domain))
  );
}

/** Exactly one `@`: what follows the last of several is no proof of where the mail goes. */
function domainOf(owner: string): string | undefined {
  return /^[^@\s]+@([^@\s]+)$/.exec(owner)?.[1];
}

const withoutAt = (domain: string) => domain.replace(/^@/, "");

const includesIgnoringCase = (list: readonly string[], text: string) =>
  list.some((item) => item.toLowerCase() === text.toLowerCase());

function refusal(owner: string, where: string, { users = [], domains = [], teams = [] }: Settings): string {
  const allowed = [
    ...users,
    ...domains.map((domain) => `anybody at ${withoutAt(domain)}`),
    ...teams.map((team) => (team === "*" ? "any team" : `the team ${team}`)),
  ];
  const hint =
    isUuid(owner) && domains.length > 0 ? " A UUID shows no domain: declare the e-mail instead." : "";
  return (
    `"${owner}" in ${where} is not an allowed owner. ` +
    `Allowed: ${allowed.length > 0 ? allowed.join(", ") : "nobody"}.${hint} ` +
    "Choose one of them, or have the policy's `users`, `domains` or `teams` extended."
  );
}
