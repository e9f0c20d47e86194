import { countOf } from "../core/count";
import type { Finding } from "../datadog/model/findingsApi";
import { formulaOf } from "../query/queryFormula";
import { areDisjoint } from "../query/queryProof";
import { agreeOnOwners } from "../rules/agreeOnOwners";
import type { Verdict } from "../rules/assignRules";
import type { OwnershipContext } from "../rules/rule";
import { type DeclaredOwnership, isSameDeclaration, labelOf } from "../session/declaredOwnerships";
import { ownerNow } from "../session/ownerNow";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import { ownersOfRules } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import { ownershipPlans } from "./ownershipPlans";
import type { OwnershipPlan } from "./plannedOwnership";
import { RuleError, ruleFailure } from "./ruleError";

/** The rules of one resource, with their owners. */
type Rules = Pick<DeclaredOwnership, "resourceName" | "spec"> & Pick<OwnershipContext, "ownerIds">;

interface Overlap {
  readonly finding: Finding;
  readonly own: NonNullable<Verdict["rule"]>;
  readonly other: NonNullable<Verdict["rule"]>;
}

/**
 * Refuses rules of two resources that give one finding to different owners: each deployment of one would take
 * it from the other. Two teams with a member in common differ where both rules overwrite. Looks at what
 * either plan has seen that is not as declared; a finding that both give to others is among it. No request,
 * unless a query can be decided by Datadog alone: then one for each such query and 100 findings.
 * @throws RuleError that names a finding, both resources and both rules
 */
export async function refuseOverlaps(
  session: Session,
  inputs: OwnershipInputs,
  plan: OwnershipPlan,
): Promise<void> {
  const own: Rules = { ...inputs, ownerIds: plan.rules.map(({ ownerIds }) => ownerIds) };
  for (const declared of session.ownerships.others(inputs)) {
    if (areApart(inputs.spec.scope, declared.spec.scope)) continue;
    const others = session.shared
      .get(ownershipPlans)
      .made.filter((made) => isSameDeclaration(made.inputs, declared));
    const plans = [plan, ...others.map((made) => made.plan)];
    const shown = plans.flatMap((each) => each.shown);
    if (shown.length === 0) continue;
    const rules = plans.flatMap((each) => each.rules);
    const isChanging = (id: string) => rules.some(({ recipients }) => recipients.has(id));
    const other: Rules = {
      ...declared,
      ownerIds: declared.ownerIds ?? (await ownersOfRules(session, declared)),
    };
    const overlaps = await overlapsAmong(session, own, other, { shown, isChanging });
    const [first] = overlaps;
    if (first) throw overlapError(own, other, first, overlaps.length);
  }
}

async function overlapsAmong(
  session: Session,
  own: Rules,
  other: Rules,
  { shown, isChanging }: { readonly shown: readonly Finding[]; readonly isChanging: (id: string) => boolean },
): Promise<Overlap[]> {
  const users = new Set([...own.ownerIds, ...other.ownerIds].flat());
  // What belongs to somebody whom none of the rules name is left alone by both, or taken by an overwriting
  // one, or by one whose former owner that is.
  const overwrites = [own, other].some(({ spec }) => spec.rules.some(({ overwrite }) => overwrite));
  const among = shown.filter((finding) => {
    const owner = ownerNow(session, finding);
    const isTaken = overwrites || owner === null || users.has(owner.id) || isChanging(finding.id);
    return isTaken && !session.claims.has(finding.id);
  });
  const findings = [...new Map(among.map((finding) => [finding.id, finding])).values()];
  const ruleOf = async ({ spec, ownerIds }: Rules, of: readonly Finding[]) =>
    decideByRules(session, spec, { ownerIds, deployed: [] }, of);
  const others = await ruleOf(other, findings);
  const both = findings.filter(({ id }) => others.get(id)?.rule !== undefined);
  const owns = await ruleOf(own, both);
  return both.flatMap((finding) => {
    const [mine, theirs] = [owns.get(finding.id)?.rule, others.get(finding.id)?.rule];
    if (!mine || !theirs || mine.ownerIds.length === 0 || theirs.ownerIds.length === 0) return [];
    return comeToRest([own, mine], [other, theirs]) ? [] : [{ finding, own: mine, other: theirs }];
  });
}

type Decided = readonly [Rules, NonNullable<Verdict["rule"]>];

/** A rule without `overwrite` leaves a finding with an owner whom another one has chosen. */
function comeToRest(...decided: readonly [Decided, Decided]): boolean {
  const [mine, theirs] = decided.map(([, { ownerIds }]) => ownerIds);
  if (agreeOnOwners(mine ?? [], theirs ?? [])) return true;
  const overwrites = decided.every(([{ spec }, { index }]) => spec.rules[index]?.overwrite);
  return !overwrites && Boolean(mine?.some((id) => theirs?.includes(id)));
}

/** Whether the scopes are proven to have no finding in common. */
function areApart(one = "", other = ""): boolean {
  return areDisjoint([one, other].map(formulaOf));
}

function overlapError(
  own: Rules,
  other: Rules,
  { finding, own: mine, other: theirs }: Overlap,
  count: number,
) {
  const says = (rules: Rules, { index, name }: NonNullable<Verdict["rule"]>) =>
    `to ${rules.spec.rules[index]?.assignee} by rule "${name}" of "${labelOf(rules)}"`;
  const rest =
    count > 1 ? `, and so ${count === 2 ? "is" : "are"} ${countOf(count - 1, "more finding")}` : "";
  return new RuleError([
    ruleFailure(
      mine.index,
      mine.name,
      "query",
      `finding ${finding.id} is given ${says(own, mine)} and ${says(other, theirs)}${rest}: a finding has one owner; ` +
        `narrow one of the two rules, or name the ${count > 1 ? "findings" : "finding"} in the exclude of its resource`,
    ),
  ]);
}
