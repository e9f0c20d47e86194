import { NOBODY, type Owner, ownerKey, parseOwner } from "./owner";
import { ownerProblem } from "./ownerProblem";
import type { Pick } from "./pickOwners";
import type { HandOver, RuleOwners } from "./ruleOwners";
import type { UserForms } from "./userProblem";

/** One of several owners: a text, or with a weight. */
export type DeclaredOwner = string | { readonly assignee: string; readonly weight?: number | undefined };

/** The owners of a rule as a program or a file writes them: `assignee` or `assignees`. */
export interface DeclaredOwners {
  readonly assignee?: string | undefined;
  readonly assignees?: readonly DeclaredOwner[] | undefined;
  /** Default `spread`. */
  readonly pick?: Pick | undefined;
  /** Default `keep`. */
  readonly handOver?: HandOver | undefined;
}

/** Reads owners that `ownersProblems` finds nothing wrong with. */
export function ruleOwners({ pick = "spread", handOver = "keep", ...declared }: DeclaredOwners): RuleOwners {
  const owners = listOf(declared).map(({ assignee, weight = 1 }) => ({
    owner: parseOwner(assignee),
    weight,
  }));
  return { owners, pick, handOver };
}

/** The owners as a program would write them, without what is the default. */
export function writtenOwners({ owners, pick, handOver }: RuleOwners): DeclaredOwners {
  const written = owners.map(({ owner, weight }) =>
    weight === 1 ? ownerLabel(owner) : { assignee: ownerLabel(owner), weight },
  );
  const [first] = written;
  const alone = written.length === 1 && typeof first === "string" && pick === "spread";
  return {
    ...(alone ? { assignee: first } : { assignees: written }),
    ...(pick !== "spread" && { pick }),
    ...(handOver !== "keep" && { handOver }),
  };
}

/** What distinguishes the owners of a rule from those of another. */
export function ownersKey({ owners, pick, handOver }: RuleOwners): string {
  return JSON.stringify([owners.map(({ owner, weight }) => [ownerKey(owner), weight]), pick, handOver]);
}

/**
 * The owners of a rule in a few words: `ada@example.com`, `ada@example.com and team:payments`,
 * `ada@example.com or else team:payments`.
 */
export function ownersLabel({ owners, pick }: RuleOwners): string {
  const names = owners.map(({ owner }) => ownerLabel(owner));
  if (pick === "first") return names.join(" or else ");
  const last = names.at(-1) ?? NOBODY;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

function ownerLabel(owner: Owner): string {
  return owner.kind === "user" ? owner.user : ownerKey(owner);
}

export interface OwnersProblem {
  /** Into the rule: `["assignees", 1, "weight"]`. */
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** Everything that is wrong with the owners of a rule, as far as it shows without asking Datadog. */
export function ownersProblems(declared: DeclaredOwners, forms: UserForms = {}): OwnersProblem[] {
  const { assignee, assignees } = declared;
  if (assignee !== undefined && assignees !== undefined) {
    return [
      { path: ["assignees"], message: "a rule has either assignee or assignees: take one of the two out" },
    ];
  }
  if (assignee !== undefined) {
    return [...problemAt(["assignee"], ownerProblem(assignee, forms)), ...optionProblems(declared)];
  }
  if (assignees === undefined || assignees.length === 0) {
    const path = assignees ? ["assignees"] : ["assignee"];
    return [{ path, message: `an owner is needed: a user, a team, or ${NOBODY}` }];
  }
  const named = new Set<string>();
  const problems = assignees.flatMap((owner, index) => {
    const path = ["assignees", index];
    const { assignee: text, weight } = typeof owner === "string" ? { assignee: owner, weight: 1 } : owner;
    const problem = ownerProblem(text, forms) ?? placeProblem(text, assignees.length, named);
    const at = typeof owner === "string" ? path : [...path, "assignee"];
    return [...problemAt(at, problem), ...problemAt([...path, "weight"], weightProblem(weight))];
  });
  return [...problems, ...optionProblems(declared)];
}

function listOf({
  assignee,
  assignees,
}: DeclaredOwners): { assignee: string; weight?: number | undefined }[] {
  const all = assignees ?? (assignee === undefined ? [] : [assignee]);
  return all.map((owner) => (typeof owner === "string" ? { assignee: owner } : owner));
}

/** @param named the owners before this one, to which it is added */
function placeProblem(text: string, count: number, named: Set<string>): string | undefined {
  const owner = parseOwner(text);
  if (owner.kind === "nobody" && count > 1) {
    return `${NOBODY} stands alone: a rule has owners, or leaves its findings alone`;
  }
  const key = ownerKey(owner);
  if (named.has(key))
    return `"${text}" is named twice: take one out, or use a weight to give it more findings`;
  named.add(key);
  return undefined;
}

function weightProblem(weight: number | undefined): string | undefined {
  if (weight === undefined || (Number.isFinite(weight) && weight > 0)) return undefined;
  return `weight is ${weight}: a number greater than 0 is needed, 1 is usual`;
}

/** Options that say nothing are mistakes of somebody who expects something of them. */
function optionProblems(declared: DeclaredOwners): OwnersProblem[] {
  const { pick, handOver } = declared;
  const { owners } = ruleOwners(declared);
  const problems: OwnersProblem[] = [];
  if (pick !== undefined && declared.assignees === undefined) {
    problems.push({ path: ["pick"], message: "pick needs assignees, a list of owners" });
  }
  if (pick === "first" && owners.some(({ weight }) => weight !== 1)) {
    problems.push({
      path: ["pick"],
      message: "weights need pick: spread; with pick: first one owner gets all findings",
    });
  }
  if (handOver !== undefined && !owners.some(({ owner }) => owner.kind === "onCall")) {
    problems.push({ path: ["handOver"], message: "handOver needs an owner on-call:HANDLE" });
  }
  return problems;
}

function problemAt(path: OwnersProblem["path"], message: string | undefined): OwnersProblem[] {
  return message === undefined ? [] : [{ path, message }];
}
