import { count } from "../../core/count";
import { groupBy } from "../../core/groupBy";
import { problemOf } from "../../datadog/errors";
import type { ChangeGuard, Finding } from "../../datadog/findingsApi";
import { change, type ReportBuilder } from "../assignFindings";
import type { Session } from "../session";
import { takenByRules } from "./decideByRules";

/** The rule of the program that takes a finding which nobody owns. */
interface Heir {
  readonly ruleName: string;
  /** Name of the FindingsOwnership, where known. */
  readonly resourceName: string | undefined;
  readonly assignee: string;
  /** UUID of the rule's owner. */
  readonly ownerId: string;
}

/**
 * Gives findings that are about to be released to the owners whose rules take them. The engine deletes last, when the rules have
 * been deployed already, so without this they would end unassigned.
 * @param findings as the search has returned them just now
 * @returns ids of those that are not to be unassigned
 */
export async function handOver(
  session: Session,
  label: string,
  findings: readonly Finding[],
  report: ReportBuilder,
): Promise<ReadonlySet<string>> {
  const heirs = await heirsOf(session, findings).catch((error: unknown) => {
    const { title, detail } = problemOf(error);
    session.print(
      `${label}: what a rule takes is released first, for the next pulumi up: ${title}: ${detail}`,
    );
    return new Map<string, Heir>();
  });
  const estates = groupBy(findings, ({ id }) => heirs.get(id));
  await Promise.all(
    [...estates].map(async ([heir, estate]) => {
      if (!heir) return;
      const isHis = (finding: Finding) => hasOwner(session, finding, heir.ownerId);
      for (const { id } of estate.filter(isHis)) report.note(id, { kind: "superseded" });
      const given = estate.filter((finding) => !isHis(finding)).map(({ id }) => id);
      session.print(
        `${label}: ${count(estate.length)} findings go over to ${heir.assignee}: ` +
          `rule "${heir.ruleName}" of ${heir.resourceName ?? "FindingsOwnership"} takes them`,
      );
      const request = { label, verb: "assigned", findingIds: given, assigneeId: heir.ownerId };
      await change(session, { ...request, guard: claimedIn(session) }, report);
    }),
  );
  return new Set(heirs.keys());
}

/**
 * Lets go of findings: what the program's rules take goes to their owners, the rest is unassigned.
 * @returns ids of those that are not unassigned
 */
export async function letGo(
  session: Session,
  label: string,
  findings: readonly Finding[],
  report: ReportBuilder,
): Promise<ReadonlySet<string>> {
  const inherited = await handOver(session, label, findings, report);
  const findingIds = findings.map(({ id }) => id).filter((id) => !inherited.has(id));
  await change(session, { label, verb: "unassigned", findingIds, assigneeId: null }, report);
  return inherited;
}

/** The search may lag behind what this process has changed. */
function hasOwner(session: Session, { id, assignee }: Finding, userId: string): boolean {
  const { assigneeId = userId } = session.accepted.last(id) ?? {};
  return assignee?.id === userId && assigneeId === userId;
}

/** Another resource that declares a finding has the last word. */
function claimedIn(session: Session): ChangeGuard {
  return async (findingIds) => new Set(findingIds.filter((id) => session.claims.has(id)));
}

/** By finding id: what the rules would assign if nobody owned it. */
async function heirsOf(session: Session, findings: readonly Finding[]): Promise<ReadonlyMap<string, Heir>> {
  const heirs = new Map<string, Heir>();
  for (const { resourceName, spec } of session.ownerships.others()) {
    // Who an owner is, is asked where a finding goes to him.
    const owners = spec.rules.map(({ assignee }) => assignee);
    const open = findings.filter(({ id }) => !heirs.has(id));
    for (const [index, taken] of await takenByRules(session, spec, owners, open)) {
      const rule = spec.rules[index];
      // An owner who cannot be found is told of by the resource that declares the rule.
      const ownerId = rule && (await session.assignees.resolve(rule.assignee).catch(() => undefined));
      if (!rule || ownerId === undefined) continue;
      const heir = { ruleName: rule.name, resourceName, assignee: rule.assignee, ownerId };
      for (const { id } of taken) heirs.set(id, heir);
    }
  }
  return heirs;
}
