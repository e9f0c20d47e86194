import { countOf, findingsOf } from "../core/count";
import { type ReportData, userName } from "./reportData";

/** What is to be looked at of single rules, a sentence each. */
export function ruleNotes({ rules, findings }: Pick<ReportData, "rules" | "findings">): string[] {
  return rules.flatMap(({ name, problem, passedOver = [], idle }) => {
    const lost = findings.filter(({ rule, state }) => rule === name && state === "noOwner");
    const get = lost.length === 1 ? "gets" : "get";
    const number = lost.length > 0 ? `; ${countOf(lost, "finding")} ${get} no owner` : "";
    return [
      ...(problem === undefined ? [] : [`rule "${name}": ${problem}${number}`]),
      ...passedOver.map((reason) => `rule "${name}" passes over an owner: ${reason}`),
      ...(idle === undefined ? [] : [idle]),
    ];
  });
}

/** What was counted beside the rules of the file, a sentence each. */
export function basisNotes({ stack, leftOut, findings }: Pick<ReportData, "stack" | "leftOut" | "findings">) {
  const without = leftOut.map(({ by, count: ids }) => `${findingsOf(ids)} of ${by}`);
  const isOpen = stack === undefined && findings.some(({ state }) => state === "leftAlone");
  return [
    ...(stack === undefined ? [] : [`Counted with the state of the stack ${stack}.`]),
    ...(isOpen ? [NO_STATE] : []),
    ...(without.length === 0 ? [] : [`Left out: ${without.join(", ")}.`]),
  ];
}

const NO_STATE =
  "Counted without the state of a stack: a finding that these rules gave to its present owner in an earlier deployment counts " +
  "as left alone here, although the next deployment reassigns it. --stack NAME reads the state.";

export interface OnCallNote {
  readonly name: string;
  readonly team: string;
  /** `2026-12-01 09:00 UTC`; undefined: no schedule says it. */
  readonly until: string | undefined;
  readonly findings: number;
}

/** Who is on call, by team. */
export function onCallNotes(report: Pick<ReportData, "onCall" | "findings" | "users">): OnCallNote[] {
  return report.onCall.map(({ team, user, until }) => ({
    name: userName(report, user),
    team,
    until: until === null ? undefined : timeText(until),
    findings: report.findings.filter(({ owner }) => owner === user).length,
  }));
}

/** `on call for payments until 2026-12-01 09:00 UTC`; undefined: not on call for a team that rules name. */
export function onCallText({ onCall }: Pick<ReportData, "onCall">, userId: string): string | undefined {
  const shifts = onCall.filter(({ user }) => user === userId);
  if (shifts.length === 0) return undefined;
  const texts = shifts.map(({ team, until }) =>
    until === null ? `for ${team}` : `for ${team} until ${timeText(until)}`,
  );
  return `on call ${texts.join(" and ")}`;
}

/** The same as a line: `Ada Moreau: for payments until 2026-12-01 09:00 UTC, owner of 12 findings`. */
export function onCallLine({ name, team, until, findings }: OnCallNote): string {
  const end = until === undefined ? "" : ` until ${until}`;
  return `${name}: for ${team}${end}, owner of ${findingsOf(findings)}`;
}

/** @param time in ISO 8601 */
function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
