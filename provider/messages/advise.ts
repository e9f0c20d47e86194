import {
  GATEWAY_REFUSAL,
  MISSING_KEYS,
  speaksOfAssignee,
  UNEXPECTED_ANSWER,
  WRONG_SETTING,
} from "../datadog/errors";
import type { FindingProblem } from "../datadog/model/findingsApi";

const AGAIN = "run the same command again: it sends only what is left";
export const FORGET =
  "to give up the resource and leave its findings as they are, run `pulumi state delete URN` " +
  "(`pulumi stack --show-urns` shows the URN); to leave it out of this deployment, add `--exclude URN`";
/** For refresh and destroy, which Pulumi runs with the configuration that stands in the state. */
export const ROTATED_KEYS =
  "after a change of keys in the stack's configuration, pulumi refresh and pulumi destroy still use the former ones: " +
  "run pulumi up first, or add --run-program";
const CHECK_KEYS = "check that both keys are valid and belong to this site (datadog:site)";

/** A change that another resource of the program pushed aside. */
export const DECLARED_TWICE = "Declared twice";

/** The owner of a rule is nobody, more than one, or disabled. */
export const RULE_OWNER = "Owner of a rule";

/** More than the `maxChanges` of the rules that take the findings. */
export const TOO_MANY_CHANGES = "More than maxChanges";

/** More than the `maxChangesPerOwner` of the rules that take the findings. */
export const TOO_MANY_FOR_OWNER = "More than maxChangesPerOwner";

/** Findings of one ticket have one owner. */
export const SHARED_TICKET = "Shared ticket";

/** None of the findings is found, with other keys than before: it may not be their organisation. */
export const UNPROVEN_ORGANISATION = {
  title: "Organisation not known",
  detail:
    "the keys are not those of the last deployment, and Datadog finds none of the findings with them; " +
    "the findings may belong to another organisation, and these keys have no permission to look that up",
  advice: "give the application key the permission user_access_read, or restore the former keys",
} as const;

interface Cause {
  readonly applies: (problem: FindingProblem) => boolean;
  readonly advice: string;
  /** Whether the same command again is the thing to do then. */
  readonly again: boolean;
}

/** The first that applies counts. */
const causes: readonly Cause[] = [
  {
    applies: ({ title }) => title === MISSING_KEYS,
    advice: "set what is missing, and run the same command again",
    again: false,
  },
  {
    applies: ({ title }) => title === WRONG_SETTING,
    advice: "correct the setting, and run the same command again",
    again: false,
  },
  {
    applies: ({ title }) => title === UNPROVEN_ORGANISATION.title,
    advice: UNPROVEN_ORGANISATION.advice,
    again: true,
  },
  {
    applies: ({ title }) => title === DECLARED_TWICE,
    advice: "a finding has one owner: take it out of one of the resources",
    again: false,
  },
  {
    applies: ({ title }) => title === RULE_OWNER,
    advice: "correct the owner of the rule, in the program or in Datadog",
    again: false,
  },
  {
    applies: ({ title }) => title === TOO_MANY_CHANGES,
    advice: "raise maxChanges of the rules that take the findings, or narrow those rules",
    again: false,
  },
  {
    applies: ({ title }) => title === TOO_MANY_FOR_OWNER,
    advice: "raise maxChangesPerOwner of the rules that take the findings, or spread them over more owners",
    again: false,
  },
  {
    applies: ({ title }) => title === SHARED_TICKET,
    advice: "declare one owner for all findings of a ticket, or detach them from the ticket in Datadog",
    again: false,
  },
  {
    applies: ({ title }) => title === GATEWAY_REFUSAL,
    advice: "have the proxy or gateway between here and Datadog allow the host of the site",
    again: true,
  },
  { applies: ({ status }) => status === 401, advice: CHECK_KEYS, again: true },
  {
    applies: ({ status }) => status === 403,
    advice:
      "give the application key the permission security_monitoring_findings_write or appsec_vm_write; " +
      `if it has that already, ${CHECK_KEYS}`,
    again: true,
  },
  {
    applies: (problem) => problem.status === 404 && speaksOfAssignee(problem, [problem.findingId]),
    advice: "declare an active user of this organisation as the assignee, by e-mail, handle or UUID",
    again: true,
  },
  {
    applies: ({ status }) => status === 404,
    advice: 'take findings that no longer exist out of the program, or set onMissing: "ignore"',
    again: true,
  },
  {
    applies: isRefusedAsSuch,
    advice:
      "check the ids and the assignee, then update pulumi-datadog-findings: Datadog has this endpoint in preview " +
      "and may have changed it; the same command again does not help",
    again: false,
  },
];

/**
 * What to do next, for each cause once.
 * @param deleting whether the resource is to go: where that is refused as such, there must be another way
 */
export function advise(failures: readonly FindingProblem[], deleting = false): string {
  const found = new Set(failures.map((failure) => causes.find(({ applies }) => applies(failure))));
  const advice = causes.flatMap((cause) => (found.has(cause) ? cause.advice : []));
  const again = [...found].some((cause) => cause === undefined || cause.again);
  const forget = deleting && failures.some(mayNeverSucceed);
  const rotated = deleting && failures.every(({ status }) => status === 401 || status === 403);
  return [
    ...advice,
    ...(rotated ? [ROTATED_KEYS] : []),
    ...(again ? [AGAIN] : []),
    ...(forget ? [FORGET] : []),
  ].join("; ");
}

/** Whether there must be a way out without this deployment. */
function mayNeverSucceed(failure: FindingProblem): boolean {
  const { status, title } = failure;
  return isRefusedAsSuch(failure) || status === 403 || title === UNPROVEN_ORGANISATION.title;
}

/** Whether it was no finding's fault, so that it says nothing to list them. */
export function concernsEveryFinding({ title }: FindingProblem): boolean {
  return title === MISSING_KEYS || title === WRONG_SETTING;
}

/** An answer of another shape, or a request that will be refused again. */
function isRefusedAsSuch({ status, title }: FindingProblem): boolean {
  return title === UNEXPECTED_ANSWER || (isLasting(status) && ![401, 403, 404].includes(status));
}

/** The request itself is refused: neither a conflict nor a limit, which may be over next time. */
function isLasting(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 409, 423, 425, 429].includes(status);
}
